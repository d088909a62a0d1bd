"""A file of a million lines, through all of it.

``python -m benchmarks.bulk.million [--out OUT] [--kafka apache|embedded] [--lines 1000000]`` writes
a file with ten activities of every learner of a large school, has ``coursemark import`` check it
and carry it out, and says how long that took and how much memory each process held; then the same
file once more, which changes nothing. Exit code 1 where it does.
"""

import argparse
import asyncio
import csv
import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil
import uvloop
from rich.console import Console

from benchmarks.bulk import school
from benchmarks.bulk.following import wait_for_views
from benchmarks.bulk.memory import watched
from benchmarks.bulk.stage import Stage, staged
from services.runtime.children import command

HEADER = ("learner", "course", "activity", "completed_at")
IMPORT = "coursemark import"


def write(file: Path, lines: int) -> Path:
    """Ten activities of one learner after the other."""
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADER)
        for number in range(lines):
            learner, activity = divmod(number, len(school.ACTIVITIES))
            writer.writerow(
                (
                    school.learner(learner),
                    school.COURSE,
                    school.ACTIVITIES[activity],
                    school.ACHIEVED_AT.isoformat(),
                )
            )
    return file


async def show(asked: argparse.Namespace, console: Console) -> bool:
    """Both imports; whether the second changed nothing."""
    learners = -(-asked.lines // len(school.ACTIVITIES))
    file = write(asked.out / "million.csv", asked.lines)
    console.print(
        f"{asked.lines:,} lines of {learners:,} learners, {file.stat().st_size / 2**20:.0f} MiB; "
        f"broker: {asked.kafka}"
    )
    async with staged(asked.out / "stack", asked.kafka, learners) as stage:
        await _import(stage, file, asked.lines, console)
        once = await stage.digests(asked.out)
        events = await stage.events()
        await _import(stage, file, asked.lines, console)
        same = await stage.digests(asked.out) == once and await stage.events() == events
    for name, digest in once.items():
        console.print(f"sha256 of {name}: {digest}")
    console.print(f"the same file again: {'nothing changed' if same else 'IT CHANGED SOMETHING'}")
    return same


async def _import(stage: Stage, file: Path, lines: int, console: Console) -> None:
    settings = stage.settings
    words = ("import", str(file), "--school", school.LARGE, "--actor", school.ADMINISTRATOR)
    how = ("--enroll", "--no-email", "--yes", "--json")
    where = ("--kafka", settings.kafka, "--data", str(settings.data))
    began = perf_counter()
    async with watched() as peaks:
        process = await asyncio.create_subprocess_exec(
            *command(*words, *how, *where), stdout=asyncio.subprocess.PIPE
        )
        peaks.also[IMPORT] = psutil.Process(process.pid)
        peaks.look()
        printed, _ = await process.communicate()
        del peaks.also[IMPORT]
        done = perf_counter() - began
        await wait_for_views(stage.pool)
    seen = perf_counter() - began
    said: list[dict[str, Any]] = [json.loads(line) for line in printed.splitlines()]
    report = said[-1]
    console.print(
        f"\n$ coursemark {' '.join((*words, *how))}\n"
        f"  {report['state']}: {report['done']:,} done, skipped {report['skipped']}, "
        f"refused {report['failed']}; {await stage.events():,} events in the log\n"
        f"  {done:.1f} s, {lines / done:,.0f} lines a second, from reading the file to the end of "
        f"the operation; in all views after {seen:.1f} s\n"
        "  memory, most and at first, MiB:"
    )
    for name, most in sorted(peaks.most.items()):
        console.print(f"    {name:20} {most:6.0f} {peaks.first[name]:6.0f}")


def main() -> None:
    """Read the command line and show; exit code 1 where the second import changed something."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk.million", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/million"))
    parser.add_argument("--kafka", default="apache", choices=("apache", "embedded"))
    parser.add_argument("--lines", type=int, default=1_000_000)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    if not uvloop.run(show(asked, Console(soft_wrap=True, highlight=False, markup=False))):
        sys.exit(1)


if __name__ == "__main__":
    main()
