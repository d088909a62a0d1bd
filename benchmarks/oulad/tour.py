"""A walk through a loaded Coursemark, each step a command that anybody can give.

``python -m benchmarks.oulad.tour --out OUT`` starts the stack on what ``make oulad OUT=OUT`` left
and prints: cards of a learner with a manual completion and of one who was reset, also of the
past; a structured CloudEvent from a client that imports nothing of ours, and its result; a line
of garbage as a dead letter; a rebuild of the progress view beside a reader, and its check.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import uvloop
from aiokafka import AIOKafkaProducer

from benchmarks.oulad.mapping import SCHOOL
from benchmarks.oulad.reader import Reader
from benchmarks.oulad.stack import Deaths, running
from contracts import topics
from services.composition.database import database
from services.runtime.addresses import Addresses
from services.runtime.children import command
from services.runtime.settings import Settings

HOW_TO = Path("docs/how-to")
MANUAL = "select learner, course from progress.activities where manually_completed"
RESET = "select learner, course from progress.attempts where time_spent = 0"
NO_RECORD = 1
"""The exit code of `show` for a day on which there was nothing yet."""
FIRST = " order by course, learner limit 1"


class Tour:
    """Says each command and runs it; ``failed`` collects those that ended badly."""

    def __init__(self, settings: Settings, addresses: Addresses, pool: asyncpg.Pool) -> None:
        self._where = ("--kafka", settings.kafka, "--data", str(settings.data))
        self._addresses = addresses
        self._pool = pool
        self.failed: list[str] = []

    async def cards(self) -> None:
        """Two learners, today and before."""
        yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
        for query in (MANUAL, RESET):
            learner, course = await self._pool.fetchrow(query + FIRST)
            show = ("show", SCHOOL, learner, "--course", course)
            achieved = await self._last_but_one_day(learner, course)
            await self._coursemark(*show)
            await self._coursemark(*show, "--at", yesterday, expected=NO_RECORD)
            await self._coursemark(*show, "--at", achieved, "--by", "effective")

    async def strangers(self) -> None:
        """What a plain Kafka client gets."""
        await self._coursemark("send", "--file", str(HOW_TO / "riverside.jsonl"))
        await self._python(HOW_TO / "plain_cloudevent.py")
        producer = AIOKafkaProducer(bootstrap_servers=self._addresses.kafka)
        await producer.start()
        _say("(a plain Kafka client sends the line: this is { no command)")
        await producer.send_and_wait(topics.COMMANDS, b"this is { no command", b"nobody/knows")
        await producer.stop()
        await self._coursemark("send", "--file", str(HOW_TO / "riverside.jsonl"))
        await self._coursemark("dead", "list")
        await self._coursemark("dead", "show", "commands@0")

    async def rebuild(self) -> None:
        """The progress view anew, while a reader polls it and never misses a row."""
        reader = Reader(self._pool)
        reading = asyncio.create_task(reader.run())
        await reader.first.wait()
        await self._coursemark("projections", "rebuild", "progress", "--yes")
        reading.cancel()
        _say(reader.says())
        await self._coursemark("projections", "check")
        await self._coursemark("projections", "list")
        if reader.missed:
            self.failed.append("the reader missed rows")

    async def _last_but_one_day(self, learner: str, course: str) -> str:
        """The day before the last thing that was achieved."""
        last: datetime = await self._pool.fetchval(
            "select max(effective_at) from events_log.entries"
            " where school = $1 and learner = $2 and course = $3"
            " and effective_at < recorded_at - interval '1 day'",
            SCHOOL,
            learner,
            course,
        )
        return (last - timedelta(days=1)).date().isoformat()

    async def _coursemark(self, *words: str, expected: int = 0) -> None:
        _say(f"$ coursemark {' '.join(words)}")
        await self._run([*command(*words), *self._where], expected)

    async def _python(self, script: Path) -> None:
        _say(f"$ python {script} --kafka {self._addresses.kafka}")
        await self._run([sys.executable, str(script), "--kafka", self._addresses.kafka])

    async def _run(self, program: Sequence[str], expected: int = 0) -> None:
        process = await asyncio.create_subprocess_exec(*program)
        if await process.wait() != expected:
            self.failed.append(f"exit code {process.returncode}: {' '.join(program[1:])}")


def _say(line: str) -> None:
    print(f"\n{line}", flush=True)


async def walk(out: Path, kafka: str) -> list[str]:
    """The whole of it; what failed."""
    settings = Settings(_env_file=None, data=out / "stack", kafka=kafka)
    async with (
        running(settings, Deaths()) as addresses,
        database(settings, "tour") as pool,
    ):
        tour = Tour(settings, addresses, pool)
        await tour.cards()
        await tour.strangers()
        await tour.rebuild()
        return tour.failed


def main() -> None:
    """Read the command line and walk; exit code 1 where a step failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oulad.tour")
    parser.add_argument("--out", type=Path, required=True, help="what make oulad left")
    parser.add_argument("--kafka", default="embedded", choices=("embedded", "apache"))
    asked = parser.parse_args()
    if not (asked.out / "stack").is_dir():
        sys.exit(f"There is nothing in {asked.out}; load it first: make oulad OUT={asked.out}")
    failed = uvloop.run(walk(asked.out, asked.kafka))
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main()
