"""Waiting, bounded, until nothing is under way any more."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import asyncpg
from aiokafka.errors import KafkaError

from services.publisher.evaluation import EvaluationFeed
from services.runtime.bus.offsets import GroupOffsets
from services.runtime.embedded.waiting import until
from services.runtime.topology import PARTS
from services.store.cursors import Cursor
from services.store.log import EventLog
from tests.support.oracle.evidence import followers_behind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.runtime.bus.client import Connection

LONGEST = 120.0
"""Seconds; a dead member of a group, and a part's restart, are waited for several times."""
LOOKS = 0.25
"""Seconds between two looks: each asks both servers a dozen questions, while others work there."""
CONSUMERS = ("command-worker", "reference-data")
_AT_WORK = """
    select school || '/' || operation || ' ' || state
    from operations o
    where published < revision or state in ('scheduled', 'running') or (
        state = 'validating'
        and parts <= (
            select count(*) from operation_parts p
            where p.school = o.school and p.operation = o.operation and p.part <= o.parts
        )
    )
"""
"""Operations that go on, or whose last report is still to be sent."""


async def settled(database: str, cluster: Connection, within: float = LONGEST) -> None:
    """Wait until every record is handled and every event is in the views and on Kafka."""
    seen = ["nothing was seen"]
    async with AsyncExitStack() as closing:
        pool = await closing.enter_async_context(
            asyncpg.create_pool(database, min_size=0, max_size=2)
        )
        groups = [
            await closing.enter_async_context(
                GroupOffsets(cluster, str(PARTS[name].group), PARTS[name].consumes)
            )
            for name in CONSUMERS
        ]

        async def quiet() -> bool:
            try:
                seen[:] = await _under_way(pool, groups)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError) as error:
                seen[:] = [repr(error)]
            return not seen

        if not await until(quiet, within=within, every=LOOKS):
            raise AssertionError(f"after {within:.0f} s there is still under way: {seen}")


async def _under_way(pool: asyncpg.Pool, groups: Sequence[GroupOffsets]) -> list[str]:
    """What is still to come, as sentences; the log may not move while it is looked at."""
    log = EventLog(pool)
    head = await log.head()
    evaluated = await Cursor(pool, EvaluationFeed.name).read()
    if await log.follow(evaluated, 1, topics=EvaluationFeed.topics):
        return ["courses to be worked out anew"]
    lags = [await group.lag() for group in groups]
    waiting = [f"{count} records of {name}" for lag in lags for name, count in lag.items() if count]
    if waiting:
        return waiting
    if at_work := await pool.fetch(_AT_WORK):
        return [row[0] for row in at_work]
    behind = [it async for it in followers_behind(log)]
    return behind or ([] if await log.head() == head else ["the log moves"])
