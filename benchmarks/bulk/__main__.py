"""A hundred thousand learners marked complete by one operation, killed, and taken back.

``python -m benchmarks.bulk --out OUT [--kafka apache|embedded] [--learners 100000] [--via http]``
starts Coursemark twice. The first time: one operation enrols everybody, one marks the course of ten
activities complete (seconds to the last view row, events, memory, the reports as they came), one
takes that back (the view as before), and it is marked again while a neighbouring school sends
single commands, whose waiting is set beside the same without the operation. The second time the
command worker and the operations part are killed -9 on the way (the same view at the end), an
endpoint is told of every completed course, and what was sent is listed when it is taken back.
Exit code 1 where two views differ that have to be the same.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

import uvloop
from rich.console import Console

from benchmarks.bulk import school
from benchmarks.bulk.following import Seen, wait_for
from benchmarks.bulk.memory import Peaks, kill, watched
from benchmarks.bulk.sending import told_of_courses
from benchmarks.bulk.singles import Singles
from benchmarks.bulk.stage import NEIGHBOURS, Ended, Stage, new_operation, staged
from benchmarks.machine import percentiles

BASELINE_SECONDS = 30
GOAL_SECONDS, GOAL_MIB = 60, 150
KILLS = {"command-worker": 0.2, "operations": 0.5}
"""Parts, and how much of the operation is done when each is killed."""

Digests = dict[str, str]


class Story:
    """The whole of it, as it is told."""

    def __init__(self, asked: argparse.Namespace, console: Console) -> None:
        self._asked = asked
        self._out: Path = asked.out
        self._console = console
        self._differs = False

    async def tell(self) -> bool:
        """True where every view was as it has to be."""
        marked = await self._undisturbed()
        await self._killed(marked)
        return not self._differs

    async def _undisturbed(self) -> Digests:
        learners = self._asked.learners
        async with staged(
            self._out / "first", self._asked.kafka, learners, via=self._asked.via
        ) as stage:
            self._say(
                f"{learners:,} learners, 1 course of {len(school.ACTIVITIES)} activities, "
                f"asked for over {self._asked.via.upper()}"
            )
            await self._enrol(stage)
            before = await stage.digests(self._out)
            mark = new_operation()
            async with watched() as peaks:
                ended = await stage.run(school.mark(mark, learners), mark)
            self._ended("marked complete", ended, await stage.events())
            self._progress(stage.reports.seen[mark])
            self._memory(peaks)
            marked = await stage.digests(self._out)
            self._digests("marked", marked)
            await self._take_back(stage, mark, before)
            await self._beside_singles(stage, marked)
            return marked

    async def _killed(self, marked: Digests) -> None:
        learners, mark = self._asked.learners, new_operation()
        async with staged(
            self._out / "second", self._asked.kafka, learners, via=self._asked.via
        ) as stage:
            self._say("\nOnce more from the beginning, with kill -9 on the way")
            await self._enrol(stage)
            before = await stage.digests(self._out)
            async with told_of_courses(stage, school.LARGE) as receiver:
                killing = asyncio.create_task(self._kill(stage, mark))
                ended = await stage.run(school.mark(mark, learners), mark)
                await killing
                self._ended("marked complete", ended, await stage.events())
                self._say(f"killed: {dict(stage.deaths.counted)}")
                self._same("marked, killed twice", await stage.digests(self._out), marked)
                await receiver.wait_for(ended.report.done)
                await self._take_back(stage, mark, before)
                self._say("\nWhat was sent because of it, and stays sent:")
                for line in await receiver.sent(mark):
                    self._say(f"  {line}")

    async def _enrol(self, stage: Stage) -> None:
        operation = new_operation()
        messages = school.enrolment(operation, self._asked.learners)
        self._ended("enrolled", await stage.run(messages, operation), await stage.events())

    async def _take_back(self, stage: Stage, mark: str, before: Digests) -> None:
        undo = new_operation()
        ended = await stage.run(school.undo(undo, mark), undo)
        self._ended("taken back", ended, await stage.events())
        self._same("taken back", await stage.digests(self._out), before)

    async def _beside_singles(self, stage: Stage, marked: Digests) -> None:
        half = NEIGHBOURS // 2
        await stage.outbox.send(school.neighbours_enrolment(number) for number in range(NEIGHBOURS))
        alone = await _singles(stage, 0, half, lambda: asyncio.sleep(BASELINE_SECONDS))
        mark = new_operation()
        running: list[Ended] = []

        async def operation() -> None:
            running.append(await stage.run(school.mark(mark, self._asked.learners), mark))

        beside = await _singles(stage, half, half, operation)
        self._ended("marked again beside single commands", running[0], await stage.events())
        self._same("marked again", await stage.digests(self._out), marked)
        self._say(
            "\nSingle commands of another school, send to result "
            f"({len(alone)} without the operation, {len(beside)} beside it)"
        )
        found = {"without": percentiles(alone), "beside it": percentiles(beside)}
        for name, at in found.items():
            self._say(f"  {name:10} p50 {at['p50']:7.1f} ms   p99 {at['p99']:7.1f} ms")
        ratios = [found["beside it"][it] / found["without"][it] for it in ("p50", "p99")]
        self._say(f"  ratio      p50 {ratios[0]:7.2f}      p99 {ratios[1]:7.2f}")

    async def _kill(self, stage: Stage, operation: str) -> None:
        for part, share in KILLS.items():
            wanted = share * self._asked.learners
            await wait_for(lambda wanted=wanted: _done(stage, operation) >= wanted, part)  # type: ignore[misc]
            kill(part)
            self._say(f"kill -9 {part} at {_done(stage, operation):,} rows")

    def _ended(self, what: str, ended: Ended, events: int) -> None:
        report = ended.report
        skipped, failed = dict(report.skipped), dict(report.failed)
        self._say(
            f"\n{what}: {report.state}, {report.done:,} of {report.total or 0:,} done, "
            f"skipped {skipped}, failed {failed}\n"
            f"  to the operation's end {ended.seconds:.1f} s, to the last row of the progress view "
            f"{ended.in_progress_view:.1f} s (goal for marks of 100,000: {GOAL_SECONDS} s), of "
            f"every view {ended.in_all_views:.1f} s; {events:,} events in the log"
        )

    def _progress(self, seen: list[Seen]) -> None:
        where = {"kafka": "coursemark.operations.v1", "http": "/v1/operations/ID/events"}
        self._say(f"  {len(seen)} reports on {where[self._asked.via]}; some of them:")
        for at, report in seen[:: max(1, len(seen) // 8)]:
            self._say(
                f"    {at - seen[0].at:6.1f} s  {report.state:10} revision {report.revision:4}  "
                f"{report.done:>7,} done"
            )

    def _memory(self, peaks: Peaks) -> None:
        self._say(f"  memory, most and at first, MiB (goal: at most {GOAL_MIB} each):")
        for name, most in sorted(peaks.most.items()):
            self._say(f"    {name:20} {most:6.0f} {peaks.first[name]:6.0f}")

    def _same(self, what: str, found: Digests, wanted: Digests) -> None:
        self._digests(what, found)
        if found != wanted:
            self._differs = True
            self._say(f"  THE VIEW IS ANOTHER THAN {wanted}")
        else:
            self._say("  the same as it has to be")

    def _digests(self, what: str, found: Digests) -> None:
        for name, digest in found.items():
            self._say(f"  sha256 of {name}, {what}: {digest}")

    def _say(self, line: str) -> None:
        self._console.print(line)


async def _singles(
    stage: Stage, first: int, count: int, meanwhile: Callable[[], Awaitable[None]]
) -> list[float]:
    stop, singles = asyncio.Event(), Singles(stage.cluster, first, count)
    running = asyncio.create_task(singles.run(stop))
    try:
        await meanwhile()
    finally:
        stop.set()
        await running
    return singles.milliseconds


def _done(stage: Stage, operation: str) -> int:
    seen = stage.reports.seen.get(operation)
    return seen[-1].report.done if seen else 0


def main() -> None:
    """Read the command line and tell; exit code 1 where a view is not as it has to be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/bulk"))
    parser.add_argument("--kafka", default="apache", choices=("apache", "embedded"))
    parser.add_argument("--learners", type=int, default=100_000)
    parser.add_argument(
        "--via", default="kafka", choices=("kafka", "http"), help="how operations are asked for"
    )
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    console = Console(soft_wrap=True, highlight=False, markup=False)
    began = perf_counter()
    same = uvloop.run(Story(asked, console).tell())
    console.print(f"\n{perf_counter() - began:.0f} s in all")
    if not same:
        sys.exit("A view is not as it has to be.")


if __name__ == "__main__":
    main()
