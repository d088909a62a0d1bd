"""Where the time of a view goes: rebuilt and following, beside reading and decoding the same log.

``python -m benchmarks.rebuild [--learners N] [--rounds N]``, on an embedded PostgreSQL of its
own. Nothing can be built faster than its log is read; the share that is left is folding and
writing. CPU is this process's and PostgreSQL's, in microseconds an event.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

import psutil
import uvloop

from benchmarks import history, templates
from projections.definition import Projection
from projections.registry import PROJECTIONS
from services.projector.cursors import StoredCursor
from services.projector.follower import Limits
from services.projector.rebuild import ensure, rebuild
from services.projector.runtime import Projector
from services.runtime.collecting import few_collections
from services.runtime.embedded import EmbeddedPostgres
from services.runtime.embedded.waiting import until
from services.store.log import EventLog
from services.store.mapper import decode
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.store.records import ORIGIN

_BATCH, _PAGE = 2_000, 5_000
_PATIENCE = 3_600
"""Seconds for the views to come to the end of the log."""


class Took(NamedTuple):
    """One round: seconds by the clock, of this process, of PostgreSQL."""

    clock: float
    python: float
    postgres: float


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rebuild", description=__doc__)
    parser.add_argument("--learners", type=int, default=32_000, help="14 events each")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedPostgres(Path(folder) / "postgres") as server:
            pool = await open_pool(server.url)
            await migrate(pool)
            log = EventLog(pool)
            events = await _fill(log, arguments.learners)
            print(f"{events:,} events of {arguments.learners:,} learners")
            for name, work in _contenders(log).items():
                rounds = [await _timed(log, work) for _ in range(arguments.rounds)]
                _print(name, events, rounds)
            await pool.close()


async def _fill(log: EventLog, learners: int) -> int:
    structures = list(templates.published())
    await log.append(structures)
    rows, count = history.events(learners), len(structures)
    while batch := list(islice(rows, _BATCH)):
        await log.append(batch)
        count += len(batch)
    await log.pool.execute("vacuum analyze stored_events")
    return count


def _contenders(log: EventLog) -> dict[str, Callable[[], Awaitable[object]]]:
    async def follow() -> None:
        position = ORIGIN
        with few_collections():
            while page := await log.follow(position, _PAGE):
                for event in page:
                    decode(event.topic, event.state)
                position = page[-1].position

    async def anew(projection: Projection[Any]) -> None:
        await ensure(log, projection)
        await rebuild(log, projection, Limits())

    async def live() -> None:
        """Both views from the first event on, as they follow what comes."""
        for projection in PROJECTIONS:
            await log.pool.execute(f"drop schema if exists {projection.name} cascade")
        await log.pool.execute("delete from projection_cursors")
        projector, stop = Projector(log, limits=Limits(bulk=sys.maxsize)), asyncio.Event()
        following = asyncio.create_task(projector.run(stop))
        head = await log.head()

        async def are_there() -> bool:
            cursors = [await StoredCursor(log.pool, it.name).read() for it in PROJECTIONS]
            return all(cursor.position == head for cursor in cursors)

        await until(are_there, within=_PATIENCE)
        stop.set()
        await following

    rebuilds = {f"rebuild {it.name}": partial(anew, it) for it in PROJECTIONS}
    return {"read and decode (the limit)": follow, **rebuilds, "follow with both views": live}


async def _timed(log: EventLog, work: Callable[[], Awaitable[object]]) -> Took:
    """A checkpoint first: no round pays for what the one before it left to be written."""
    await log.pool.execute("checkpoint")
    began = perf_counter(), process_time(), _postgres()
    await work()
    return Took(perf_counter() - began[0], process_time() - began[1], _postgres() - began[2])


def _postgres() -> float:
    """Processor seconds of all processes that this one has started."""
    seconds = 0.0
    for child in psutil.Process().children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system
    return seconds


def _print(name: str, events: int, rounds: list[Took]) -> None:
    rates = [events / took.clock for took in rounds]
    python, postgres = (median(took[at] for took in rounds) / events * 1e6 for at in (1, 2))
    print(
        f"{name:<30} {median(rates):>9,.0f} events/s ({min(rates):,.0f} - {max(rates):,.0f}), "
        f"CPU {python:.1f} + {postgres:.1f} µs"
    )


if __name__ == "__main__":
    uvloop.run(main())
