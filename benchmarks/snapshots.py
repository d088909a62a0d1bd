"""Would a snapshot table pay? Streams loaded cold, folded whole, beside one snapshot each.

``python -m benchmarks.snapshots`` prints medians on an embedded PostgreSQL of its own.
"""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from contracts.events import TimeSpentRecorded
from contracts.topics import Stream
from services.commands.states import EMPTY, folded
from services.runtime.embedded import EmbeddedPostgres
from services.store.log import EventLog
from services.store.mapper import encode
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.store.records import NewEvent

STREAMS, ROUNDS = 200, 7
LENGTHS = (8, 60, 1_000)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def events(stream: Stream, length: int) -> list[NewEvent]:
    return [
        encode(
            str(stream),
            version,
            TimeSpentRecorded(
                school=stream.school,
                learner=stream.learner,
                course=stream.course,
                attempt=1,
                structure_version=1,
                command_id=f"command-{version}",
                source="kafka",
                recorded_at=NOW,
                effective_at=NOW,
                activity=f"activity-{version % 12}",
                seconds=60,
            ),
        )
        for version in range(1, length + 1)
    ]


async def whole(log: EventLog, names: list[str]) -> None:
    for stream in (await log.load(dict.fromkeys(names, 0))).values():
        folded(EMPTY, stream)


async def snapshot(log: EventLog, names: list[str], length: int) -> None:
    """One row for each stream, of about the size that its state has: the least it can cost."""
    for stream in (await log.load(dict.fromkeys(names, length - 1))).values():
        folded(EMPTY, stream)


async def timed(work: object) -> float:
    began = perf_counter()
    await work  # type: ignore[misc]
    return (perf_counter() - began) / STREAMS * 1e6


async def measure(log: EventLog, length: int) -> None:
    streams = [Stream(f"s{length}", f"learner-{n}", "course") for n in range(STREAMS)]
    for stream in streams:
        await log.append(events(stream, length))
    names = [str(stream) for stream in streams]
    folded = [await timed(whole(log, names)) for _ in range(ROUNDS)]
    short = [await timed(snapshot(log, names, length)) for _ in range(ROUNDS)]
    print(
        f"{length:>6} events a stream: whole {median(folded):>9.0f} µs a stream, "
        f"from a snapshot {median(short):>6.0f} µs"
    )


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedPostgres(Path(folder) / "postgres") as server:
            pool = await open_pool(server.url)
            await migrate(pool)
            for length in LENGTHS:
                await measure(EventLog(pool), length)
            await pool.close()


if __name__ == "__main__":
    asyncio.run(main())
