"""Where an outward feed begins that never ran, and how a feed passes what it does not follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts import topics
from services.publisher.events import EventsFeed
from services.publisher.fanout.feeds import NotificationsFeed
from services.publisher.publishing import Publishing
from services.publisher.registry import FEEDS, begin_outward
from services.runtime.bus.outbox import Outbox
from services.store.cursors import Cursor
from services.store.records import ORIGIN, Position
from tests.support.appended import Appender
from tests.support.happened import course_completed, course_reset, enrolled, visited
from tests.support.kafka import whole

if TYPE_CHECKING:
    import pytest

    from services.runtime.bus.client import Connection
    from services.store.log import EventLog

OUTWARD = [spec.name for spec in FEEDS if spec.outward]


async def places(log: EventLog) -> set[Position]:
    return {await Cursor(log.pool, name).read() for name in OUTWARD}


async def test_on_a_fresh_system_nothing_is_lost(log: EventLog) -> None:
    """Commands may be carried out before the first publisher starts."""
    await Appender(log).happened(enrolled(), course_completed("manual", email=True))
    await begin_outward(log)
    assert await places(log) == {ORIGIN}


async def test_m5_an_upgrade_tells_nobody_of_what_was_there_before(log: EventLog) -> None:
    appender = Appender(log)
    await appender.happened(enrolled(), course_completed("manual", email=True))
    await Cursor(log.pool, EventsFeed.name).move(ORIGIN, await log.head())
    await begin_outward(log)
    assert await places(log) == {await log.head()}


async def test_a_feed_that_has_begun_stays_where_it_is(log: EventLog) -> None:
    """The publisher stopped just after it had begun, and what came since is still to be told."""
    await begin_outward(log)
    await Appender(log).happened(enrolled())
    await Cursor(log.pool, EventsFeed.name).move(ORIGIN, await log.head())
    await begin_outward(log)
    assert await places(log) == {ORIGIN}


async def notices(cluster: Connection) -> int:
    return len(await whole(cluster.bootstrap, cluster.topic(topics.NOTIFICATIONS)))


async def test_what_a_feed_does_not_follow_is_passed_and_nothing_behind_it_is_missed(
    cluster: Connection, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Far along the cursor moves, so that a restart does not look through it all again."""
    monkeypatch.setattr("services.runtime.following.FAR", 4)
    appender, cursor = Appender(log), Cursor(log.pool, NotificationsFeed.name)
    async with Outbox(cluster) as outbox:
        publishing = Publishing(log, NotificationsFeed(log), outbox, 10, patience_seconds=10)
        await appender.happened(enrolled(), visited("a"))
        assert await publishing.step() == 0
        assert await cursor.read() == ORIGIN
        await appender.happened(course_completed("manual", email=True))
        assert await publishing.step() == 1
        assert await cursor.read() == await log.head()
        await appender.happened(course_reset(2), *map(visited, "abcdef"))
        assert await publishing.step() == 0
        assert await cursor.read() == await log.head()
        await appender.happened(course_completed("manual", email=True))
        assert await publishing.step() == 1
        assert await notices(cluster) == 2
        await cursor.move(await cursor.read(), ORIGIN)
        assert [await publishing.step() for _ in range(3)] == [0, 2, 0]
    assert await notices(cluster) == 4
