"""What the oracle judges: all that PostgreSQL holds and all that Kafka delivered.

Read once, as plain values, so that a clause is a pure function and a test can break it by hand.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import asyncpg

from contracts import topics
from contracts.topics import Stream
from projections.registry import PROJECTIONS
from services.cli.projections.standing import FOLLOWERS
from services.projector.runtime import Projector
from services.store.cursors import Cursor
from services.store.log import EventLog
from services.store.records import ORIGIN, FollowedEvent, StoredReceipt
from services.views.progress import ProgressView
from tests.support.kafka import whole
from tests.support.oracle import operations

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from aiokafka import ConsumerRecord

    from contracts.progress import LatestProgress

    Record = ConsumerRecord[bytes | None, bytes | None]
    Delivered = Mapping[str, Sequence[Record]]
    """What Kafka holds, by topic without its prefix; each partition in its order."""

Key = tuple[str, str]
"""School and command id; school and user."""
TOPICS = (
    topics.COMMANDS,
    topics.RESULTS,
    topics.EVENTS,
    topics.PROGRESS,
    topics.WEBHOOKS,
    topics.ZAPIER,
    topics.NOTIFICATIONS,
    topics.OPERATIONS,
    topics.CATALOG,
    topics.DIRECTORY,
    *map(topics.dead, topics.CONSUMED),
)
VIEWS = tuple(it.name for it in PROJECTIONS)


class Stored(NamedTuple):
    """What PostgreSQL holds."""

    events: list[FollowedEvent]
    """In commit order."""
    receipts: Mapping[Key, StoredReceipt]
    progress: list[LatestProgress]
    drift: list[str]
    """What a view says and its events do not, or the other way round."""
    behind: list[str]
    """Followers that have not come to the end of the log."""
    schools: Mapping[str, tuple[Any, ...]]
    users: Mapping[Key, tuple[Any, ...]]
    operations: operations.Operations


class Evidence(NamedTuple):
    """All of it, with the ids of the commands that the producer had acknowledged."""

    stored: Stored
    delivered: Delivered
    sent: Sequence[Key] = ()


async def gather(database: str, kafka: str, prefix: str, sent: Sequence[Key] = ()) -> Evidence:
    """Read everything; nothing may be under way."""
    return Evidence(await from_postgres(database), await from_kafka(kafka, prefix), sent)


async def from_kafka(bootstrap: str, prefix: str) -> Delivered:
    """Every record of every topic."""
    return {topic: await whole(bootstrap, f"{prefix}{topic}") for topic in TOPICS}


async def from_postgres(url: str) -> Stored:
    """The log, the receipts, the views and what a check of them against the log finds."""
    async with _pool(url) as pool:
        log = EventLog(pool)
        events = await _events(log)
        streams = {Stream.parse(event.originator_id) for event in events}
        receipts = await pool.fetch("select school, command_id, fingerprint, result from receipts")
        return Stored(
            events=events,
            receipts={(row[0], row[1]): StoredReceipt(row[2], row[3]) for row in receipts},
            progress=await ProgressView(pool).latest(streams),
            drift=await _drift(log),
            behind=await _behind(log),
            schools={row[0]: tuple(row) for row in await pool.fetch("select * from schools")},
            users={(row[0], row[1]): tuple(row) for row in await pool.fetch("select * from users")},
            operations=await operations.read(pool),
        )


@asynccontextmanager
async def _pool(url: str) -> AsyncIterator[asyncpg.Pool]:
    """Not the parts' own, so that it shows what stands there and makes nothing."""
    async with asyncpg.create_pool(url, min_size=0, max_size=4) as pool:
        yield pool


async def _events(log: EventLog) -> list[FollowedEvent]:
    events: list[FollowedEvent] = []
    while page := await log.follow(events[-1].position if events else ORIGIN, 10_000):
        events += page
    return events


async def _drift(log: EventLog) -> list[str]:
    projector = Projector(log)
    return [
        f"{view.name}: {it.table} of {it.stream}: missing {it.missing}, unexpected {it.unexpected}"
        for view in PROJECTIONS
        for it in (await projector.check(view.name)).differences
    ]


async def _behind(log: EventLog) -> list[str]:
    return [f"{it}, the log at {await log.head()}" async for it in followers_behind(log)]


async def followers_behind(log: EventLog) -> AsyncIterator[str]:
    """Views that are not at the end of the log; others with events before them that they follow."""
    head = await log.head()
    for name in VIEWS:
        if (position := await Cursor(log.pool, name).read()) < head:
            yield f"{name} at {position}"
    for name, types in FOLLOWERS.items():
        position = await Cursor(log.pool, name).read()
        if await log.follow(position, 1, topics=types):
            yield f"{name} at {position}"
