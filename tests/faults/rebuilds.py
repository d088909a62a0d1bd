"""Every view rebuilt while commands keep coming: ``python -m tests.faults.rebuilds``.

All parts run on a broker and a PostgreSQL of their own, and a platform sends commands at a steady
rate. Each registered view in turn is rebuilt and checked, again and again. Afterwards every outward
topic is read: no message that stood there before a rebuild may have come again after it, nor any
message twice. It ends with exit code 1 where one has, where a check finds a difference, or where
the oracle does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import uvloop

from contracts import topics
from projections.registry import PROJECTIONS
from services.projector.runtime import Projector
from services.runtime.logs import log_to_stderr
from services.runtime.topology import PARTS
from services.store.log import EventLog
from services.store.pool import open_pool
from tests.faults.producing import Platform
from tests.faults.settling import settled
from tests.faults.stack import Stack, running
from tests.support.kafka import consumer
from tests.support.oracle.evidence import gather
from tests.support.oracle.of_kafka import header
from tests.support.oracle.verdict import holds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from services.runtime.bus.client import Connection
    from tests.support.oracle.evidence import Record

TICK = 0.1
"""Seconds between two sends of the steady load."""
ONCE = sorted({*PARTS["publisher"].produces} - {topics.COMMANDS, topics.PROGRESS})
"""The outward topics that have one message for each thing to tell; progress is the latest state,
which may be sent again whenever a learner has news."""

Place = tuple[str, int]
"""A topic and a partition."""


class Load(NamedTuple):
    """``rate`` commands a second while views are rebuilt, ``first`` so many before that.

    ``seconds`` for each view, which is rebuilt once at the least.
    """

    rate: int
    first: int
    seconds: float


class Rebuilt(NamedTuple):
    """One view: its rebuilds and checks, and what the platform sent meanwhile.

    ``began``: how far each partition of the outward topics reached before the first rebuild.
    """

    view: str
    rebuilds: int
    events: int
    commands: int
    differing: int
    began: Mapping[Place, int]


class Outcome(NamedTuple):
    """The views, and all that stands on the outward topics in the end, by topic."""

    rebuilt: Sequence[Rebuilt]
    records: Mapping[str, Sequence[Record]]

    def repeated(self, it: Rebuilt) -> int:
        """Messages that stood there before the view was rebuilt and came again later."""
        return sum(_again(it, records) for records in self.records.values())

    def before(self, it: Rebuilt) -> int:
        """Messages that stood there before the view was rebuilt."""
        return sum(it.began.values())

    def sent(self) -> Mapping[str, tuple[int, int]]:
        """Messages of each topic, and how many ids they have."""
        return {
            topic: (len(records), len({header(it, "ce_id") for it in records}))
            for topic, records in self.records.items()
        }


async def rebuild_all(
    database: str, cluster: Connection, rng: random.Random, load: Load
) -> Outcome:
    """Rebuild each view under load, where all parts run.

    Raises:
        AssertionError: the oracle does not hold afterwards, or the parts do not come to rest.
    """
    platform = Platform(rng, cluster)
    pool = await open_pool(database, max_size=4)
    try:
        async with platform:
            await platform.begin(database)
            await settled(database, cluster)
            await platform.enrol()
            await platform.send(load.first)
            await settled(database, cluster)
            async with _sending(platform, load.rate):
                projector = Projector(EventLog(pool))
                rebuilt = [
                    await _rebuild(cluster, platform, projector, it.name, load.seconds)
                    for it in PROJECTIONS
                ]
        await settled(database, cluster)
    finally:
        await pool.close()
    evidence = await gather(database, cluster.bootstrap, cluster.prefix, tuple(platform.sent))
    holds(evidence)
    return Outcome(rebuilt, {it: evidence.delivered[it] for it in ONCE})


@asynccontextmanager
async def _sending(platform: Platform, rate: int) -> AsyncIterator[None]:
    """So many commands a second until the end of the block."""
    stop = asyncio.Event()

    async def send() -> None:
        began, ticks = perf_counter(), 0
        while not stop.is_set():
            await platform.send(max(1, round(rate * TICK)))
            ticks += 1
            await asyncio.sleep(max(0.0, began + ticks * TICK - perf_counter()))

    async with asyncio.TaskGroup() as group:
        group.create_task(send())
        try:
            yield
        finally:
            stop.set()


async def _rebuild(
    cluster: Connection, platform: Platform, projector: Projector, view: str, seconds: float
) -> Rebuilt:
    began, start, sent = await _ends(cluster), perf_counter(), len(platform.sent)
    rebuilds = events = differing = 0
    while not rebuilds or perf_counter() - start < seconds:
        events += (await projector.rebuild(view)).events
        differing += (await projector.check(view)).differing
        rebuilds += 1
    return Rebuilt(view, rebuilds, events, len(platform.sent) - sent, differing, began)


async def _ends(cluster: Connection) -> dict[Place, int]:
    """How many records each partition of the outward topics has."""
    async with consumer(cluster.bootstrap, *map(cluster.topic, ONCE)) as client:
        ends = await client.end_offsets(client.assignment())
        return {(place.topic, place.partition): end for place, end in ends.items()}


def _again(it: Rebuilt, records: Sequence[Record]) -> int:
    def stood(record: Record) -> bool:
        return record.offset < it.began[record.topic, record.partition]

    before = {header(record, "ce_id") for record in records if stood(record)}
    return sum(header(record, "ce_id") in before for record in records if not stood(record))


def failures(outcome: Outcome) -> list[str]:
    """What should not be, as sentences."""
    found = [f"{it.view}: {it.differing} differences" for it in outcome.rebuilt if it.differing] + [
        f"{it.view}: {count} messages came again"
        for it in outcome.rebuilt
        if (count := outcome.repeated(it))
    ]
    return found + [
        f"{topic}: {sent - ids} messages came twice"
        for topic, (sent, ids) in outcome.sent().items()
        if sent != ids
    ]


async def _run(asked: argparse.Namespace) -> Outcome:
    shutil.rmtree(asked.folder, ignore_errors=True)
    stack = Stack(asked.folder, asked.kafka)
    async with running(stack):
        load = Load(asked.rate, asked.first, asked.seconds)
        return await rebuild_all(
            stack.postgres.url, stack.connection, random.Random(asked.seed), load
        )


def _show(outcome: Outcome) -> None:
    _say(
        f"{'view':14}{'rebuilds':>9}{'events':>10}{'commands':>10}{'differences':>13}"
        f"{'sent before':>13}{'sent again':>12}"
    )
    for it in outcome.rebuilt:
        _say(
            f"{it.view:14}{it.rebuilds:9,}{it.events:10,}{it.commands:10,}{it.differing:13,}"
            f"{outcome.before(it):13,}{outcome.repeated(it):12,}"
        )
    _say(f"\n{'topic':32}{'messages':>10}{'ids':>10}")
    for topic, (sent, ids) in outcome.sent().items():
        _say(f"{topic:32}{sent:10,}{ids:10,}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.rebuilds", description=__doc__)
    parser.add_argument("--rate", type=int, default=200, help="commands a second")
    parser.add_argument("--first", type=int, default=20_000, help="commands before the first")
    parser.add_argument("--seconds", type=float, default=10, help="for each view")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kafka", choices=("embedded", "apache"), default="embedded")
    parser.add_argument("--folder", type=Path, default=Path("build/rebuilds"))
    asked = parser.parse_args()
    log_to_stderr("CRITICAL")  # of this process; each part has a log of its own
    _say(f"seed {asked.seed} on {asked.kafka}, {asked.rate} commands a second; {asked.folder}\n")
    began = perf_counter()
    outcome = uvloop.run(_run(asked))
    _show(outcome)
    found = failures(outcome)
    _say(f"\n{perf_counter() - began:.0f} s; " + ("; ".join(found) or "nothing came again."))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
