"""Two publishers at once, or one that slept: the last progress of a key is never an old one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from contracts import topics
from contracts.progress import LatestProgress
from contracts.topics import Stream
from services.projector.runtime import Projector
from services.publisher.events import EventsFeed
from services.publisher.progress import ProgressFeed
from services.publisher.publishing import Publishing
from services.runtime.bus.outbox import Outbox
from services.runtime.embedded.waiting import until
from services.views.progress import ProgressView
from tests.support.appended import MINE, Appender
from tests.support.happened import enrolled, visited
from tests.support.kafka import whole
from tests.support.school import COURSE, SCHOOL, activity, course
from tests.support.sleepers import Sleeper

if TYPE_CHECKING:
    from services.publisher.feed import Feed
    from services.runtime.bus.client import Connection
    from services.store.log import EventLog

OTHER = Stream(SCHOOL, "u-2", COURSE)


def publishing(log: EventLog, feed: Feed, outbox: Outbox) -> Publishing:
    return Publishing(log, feed, outbox, limit=100, patience_seconds=10)


async def sleep_through(log: EventLog, cluster: Connection, feed: Feed, news: Appender) -> None:
    """One publisher sleeps with what it wants to send; another sends all, and later events too."""
    async with Outbox(cluster) as outbox, Sleeper(cluster) as sleeper:
        sleeping = asyncio.create_task(publishing(log, feed, sleeper).step())
        await sleeper.asleep.wait()
        await news.happened(visited("b"))
        await news.published(course(activity("a"), activity("b"), activity("c"), version=2))
        await Projector(log).catch_up()
        await publishing(log, feed, outbox).step()
        sleeper.wake.set()
        await sleeping


async def test_the_latest_progress_comes_last_however_late_an_older_one_comes(
    cluster: Connection, log: EventLog
) -> None:
    appender = Appender(log)
    await appender.published(course(activity("a"), activity("b")))
    for stream in (MINE, OTHER):
        await appender.happened(enrolled(), to=stream)
    await Projector(log).catch_up()
    async with Outbox(cluster) as outbox:
        await publishing(log, ProgressFeed(log), outbox).step()
    await appender.happened(visited("a"))
    await Projector(log).catch_up()
    await sleep_through(log, cluster, ProgressFeed(log), appender)
    last = {
        record.key: LatestProgress.model_validate_json(record.value or b"")
        for record in await whole(cluster.bootstrap, cluster.topic(topics.PROGRESS))
    }
    rows = await ProgressView(log.pool).latest([MINE, OTHER])
    assert sorted(last.values(), key=str) == sorted(rows, key=str)
    assert {row.version for row in rows} == {1, 3}


async def test_the_latest_progress_comes_last_where_the_older_ones_cursor_could_not_be_moved(
    cluster: Connection, log: EventLog
) -> None:
    # PostgreSQL ends the session of one who slept, and has sent: whether another one was there
    # is not known then.
    appender = Appender(log)
    await appender.published(course(activity("a"), activity("b")))
    await appender.happened(enrolled())
    await Projector(log).catch_up()
    async with Outbox(cluster) as outbox, Sleeper(cluster) as sleeper:
        await publishing(log, ProgressFeed(log), outbox).step()
        await appender.happened(visited("a"))
        await Projector(log).catch_up()
        older = publishing(log, ProgressFeed(log), sleeper)
        sleeping = asyncio.create_task(older.step())
        await sleeper.asleep.wait()
        await appender.happened(visited("b"))
        await Projector(log).catch_up()
        await publishing(log, ProgressFeed(log), outbox).step()
        async with log.pool.acquire() as holding, holding.transaction():
            await holding.execute("lock table projection_cursors in exclusive mode")
            sleeper.wake.set()
            assert await until(lambda: ended(log), within=20, every=0.02)
            with pytest.raises(
                (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)
            ):
                await sleeping
        await older.step()
    [*_, last] = await whole(cluster.bootstrap, cluster.topic(topics.PROGRESS))
    assert LatestProgress.model_validate_json(last.value or b"").version == 3


async def ended(log: EventLog) -> bool:
    """Whether whoever waits to move a cursor was ended."""
    waits = "relation = 'projection_cursors'::regclass and not granted"
    end = f"select pg_terminate_backend(pid) from pg_locks where {waits}"  # noqa: S608 - ours
    return bool(await log.pool.fetch(end))


async def test_events_that_are_sent_again_come_again_equal_and_none_out_of_order(
    cluster: Connection, log: EventLog
) -> None:
    appender = Appender(log)
    await appender.happened(enrolled(), visited("a"))
    await sleep_through(log, cluster, EventsFeed(), appender)
    records = await whole(cluster.bootstrap, cluster.topic(topics.EVENTS))
    mine = [record.value for record in records if record.key == b"riverside/u-1204"]
    events = (await log.load({str(MINE): 0}))[str(MINE)]
    assert mine == [event.state for event in (*events, *events[:2])]
