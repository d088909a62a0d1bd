"""Promise: followers see every event exactly once, in stream order, under concurrent writers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.store.records import ORIGIN, NewEvent, Position
from services.store.restore import renumber_transactions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

WRITERS, BATCHES, STREAMS = 8, 25, 5


@pytest.fixture
async def log(database_url: str) -> AsyncIterator[EventLog]:
    pool = await open_pool(database_url, max_size=WRITERS + 2)
    await migrate(pool)
    yield EventLog(pool)
    await pool.close()


async def write(log: EventLog, writer: int) -> None:
    for version in range(1, BATCHES + 1):
        await log.append(
            [NewEvent(f"s/w{writer}-{n}/c", version, "t", b"{}") for n in range(STREAMS)]
        )


async def follow_to(log: EventLog, total: int) -> list[tuple[str, int]]:
    seen: list[tuple[str, int]] = []
    position = ORIGIN
    async with asyncio.timeout(60):
        while len(seen) < total:
            for event in await log.follow(position, 100):
                seen.append((event.originator_id, event.originator_version))
                position = event.position
    return seen


async def test_a_follower_beside_eight_writers_sees_each_event_once_and_in_order(
    log: EventLog,
) -> None:
    total = WRITERS * BATCHES * STREAMS
    seen, *_ = await asyncio.gather(
        follow_to(log, total), *(write(log, writer) for writer in range(WRITERS))
    )
    assert len(set(seen)) == len(seen) == total
    versions: dict[str, list[int]] = {}
    for stream, version in seen:
        versions.setdefault(stream, []).append(version)
    assert all(found == list(range(1, BATCHES + 1)) for found in versions.values())


async def test_after_a_restore_followers_and_cursors_go_on_where_they_were(log: EventLog) -> None:
    for version in (1, 2, 3):
        await log.append([NewEvent("s/l/c", version, "t", b"%d" % version)])
    second = (await log.follow(ORIGIN, 2))[-1].position
    await log.pool.execute(
        "insert into projection_cursors values ('p', 'main', 1, $1, $2)", *second
    )
    far = 2**40
    await log.pool.execute(
        "update stored_events set transaction_id = (transaction_id::text::bigint + $1)::text::xid8",
        far,
    )
    await log.pool.execute(
        "update projection_cursors set transaction_id = transaction_id + $1", far
    )
    assert await log.follow(ORIGIN, 10) == []

    assert await renumber_transactions(log.pool) == 3

    cursor = await log.pool.fetchrow(
        "select transaction_id, notification_id from projection_cursors"
    )
    await log.append([NewEvent("s/l/c", 4, "t", b"4")])
    assert [event.state for event in await log.follow(ORIGIN, 10)] == [b"1", b"2", b"3", b"4"]
    assert [event.state for event in await log.follow(Position(*cursor), 10)] == [b"3", b"4"]
