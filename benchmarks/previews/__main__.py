"""Previews beside what then happened, for three bulk commands, an import and an undo (B5).

``python -m benchmarks.previews [--learners 2000] [--kafka embedded|apache] [--out OUT]`` starts
Coursemark with a made-up school, whose learners stand in every way that such commands can meet.
Each is previewed as an operation that is a dry run, and by ``coursemark``; then it is carried
out. What happened is counted in the log, in the stored answers, on Kafka's topics, at the
endpoints and in the folder of e-mails. Exit code 1 where a count is another than was foreseen,
and not by as many as there are reasons for.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import uvloop
from rich.console import Console

from benchmarks.previews import happening, school
from benchmarks.previews.comparing import Line, compared, table
from benchmarks.previews.stage import EndedWrongError, Stage, staged
from benchmarks.previews.steps import Step, steps, undo
from services.runtime.embedded.server import ServerError

WIDTH = 170
MARKED = 1
"""The place of the operation that is undone."""


class Story:
    """Step by step; ``lines`` are all that were compared."""

    def __init__(self, stage: Stage, console: Console) -> None:
        self._stage = stage
        self._console = console
        self.lines: list[Line] = []

    async def tell(self, step: Step) -> str:
        """Preview it twice, carry it out, compare; returns the operation's id."""
        stage, operation = self._stage, str(uuid4())
        if step.first:
            await stage.send(step.first)
        foreseen = await stage.foresee(step.parts(operation=str(uuid4()), dry_run=True))
        by_command = await stage.by_command(step.words)
        if step.between:
            await stage.send(step.between)
        was = await happening.before(stage.pool, stage.heard)
        if step.really:
            await stage.coursemark(*step.really, "--operation", operation)
        else:
            await stage.operate(step.parts(operation=operation))
        await stage.hear()
        seen = await happening.happened(stage.pool, stage.heard, operation, was)
        counts = Counter(seen.counts + step.listed)
        lines = compared(foreseen, counts, step.why(seen))
        of_command = compared(by_command, counts, step.why(seen, by_command=True))
        self._compared(step.title, lines, of_command)
        return operation

    def _compared(self, title: str, lines: list[Line], of_command: list[Line]) -> None:
        self.lines += [*lines, *of_command]
        other = {it.what: it for it in of_command}
        told = [(it, other.get(it.what), happening.source(it.what)) for it in lines]
        self._console.print()
        self._console.print(table(title, told))


async def show(out: Path, kafka: str, learners: int, console: Console) -> list[Line]:
    """All of it; the lines that were compared."""
    size = learners // len(school.GROUPS)
    async with staged(out / "stack", kafka, size) as stage:
        groups = len(school.GROUPS)
        console.print(f"{size * groups:,} learners in {groups} groups; broker: {kafka}")
        story = Story(stage, console)
        ids = [await story.tell(step) for step in steps(size, out)]
        await story.tell(undo(size, ids[MARKED]))
        return story.lines


def main() -> None:
    """Read the command line and show; exit code 1 where a difference has no reason."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.previews", description=__doc__)
    parser.add_argument("--learners", type=int, default=2_000)
    parser.add_argument("--kafka", default="embedded", choices=("embedded", "apache"))
    parser.add_argument("--out", type=Path, default=Path("build/previews"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    console = Console(highlight=False, markup=False)
    console = (
        console if console.is_terminal else Console(width=WIDTH, highlight=False, markup=False)
    )
    began = perf_counter()
    try:
        lines = uvloop.run(show(arguments.out, arguments.kafka, arguments.learners, console))
    except (EndedWrongError, ServerError) as error:
        sys.exit(str(error))
    same = sum(it.happened == it.foreseen for it in lines)
    wrong = [it for it in lines if not it.is_explained]
    console.print(
        f"\n{len(lines)} counts were foreseen: {same} happened just so, "
        f"{len(lines) - same - len(wrong)} differ for a reason that says by how many, "
        f"{len(wrong)} differ without one. {perf_counter() - began:.0f} s in all."
    )
    if wrong:
        sys.exit("A count is another than was foreseen, and nothing explains it.")


if __name__ == "__main__":
    main()
