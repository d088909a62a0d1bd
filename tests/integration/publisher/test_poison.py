"""Promise: an event that cannot be sent stops its feed alone, and is skipped on record."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest

from contracts import topics
from services.publisher.events import EventsFeed
from services.publisher.fanout.feeds import WebhooksFeed
from services.publisher.publishing import Publishing
from services.runtime.bus.outbox import Message, Outbox, TooLargeError
from services.runtime.embedded.waiting import until
from services.store import skips
from services.store.cursors import Cursor
from services.store.records import ORIGIN, NewEvent
from services.views.standing import Standing, standings
from tests.support.appended import MINE, Appender
from tests.support.happened import activities_reset, enrolled, unenrolled
from tests.support.kafka import whole

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from services.publisher.feed import Feed
    from services.runtime.bus.client import Connection
    from services.store.log import EventLog


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.runtime.following.LOOK", 0.02)


@asynccontextmanager
async def published(log: EventLog, outbox: Outbox, *feeds: Feed) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = [
        asyncio.create_task(Publishing(log, feed, outbox, 100, 10).run(stop)) for feed in feeds
    ]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*running)


async def standing(log: EventLog, feed: Feed) -> Standing:
    [found] = await standings(log, (), {feed.name: feed.topics})
    return found


async def is_done(log: EventLog, feed: Feed) -> bool:
    return not (await standing(log, feed)).behind


async def has_stopped(log: EventLog, feed: Feed) -> bool:
    return (await standing(log, feed)).error is not None


async def values(cluster: Connection, topic: str) -> list[bytes | None]:
    return [it.value for it in await whole(cluster.bootstrap, cluster.topic(topic))]


async def test_one_feed_stops_all_before_it_is_sent_and_a_skip_lets_it_go_on(
    cluster: Connection, log: EventLog
) -> None:
    """`publish-events` sends what the log holds; a webhook has to know what it says."""
    appender = Appender(log)
    await appender.happened(enrolled(), unenrolled())
    await log.append(
        [
            NewEvent(
                "riverside/u-2/biology-1",
                1,
                "coursemark.progress.learner_enrolled.v1",
                b'{"recorded_at": "2024-05-31T00:00:00Z"}',
            )
        ]
    )
    await appender.happened(enrolled(), activities_reset("a"))
    events, webhooks = EventsFeed(), WebhooksFeed(log)
    async with Outbox(cluster) as outbox, published(log, outbox, events, webhooks):
        assert await until(partial(has_stopped, log, webhooks), within=30)
        assert await until(partial(is_done, log, events), within=30)
        found = await standing(log, webhooks)
        assert len(await values(cluster, topics.WEBHOOKS)) == 2
        assert found.blocked_at is not None
        assert found.error is not None
        assert "riverside/u-2/biology-1@1" in found.error
        assert f"projections skip publish-webhooks {found.blocked_at}" in found.error
        assert (found.blocked_since is not None, found.lag) == (True, None)
        await skips.skip(log.pool, webhooks.name, found.blocked_at, "unreadable", "ada")
        assert await until(partial(is_done, log, webhooks), within=30)
        assert (await standing(log, webhooks)).error is None
        sent = await values(cluster, topics.WEBHOOKS)
        assert len(sent) == 4
        assert len(await values(cluster, topics.EVENTS)) == 5
        # Sent again from the first event on, it passes over the event again.
        cursor = Cursor(log.pool, webhooks.name)
        await cursor.move(await cursor.read(), ORIGIN)

        async def twice() -> bool:
            return len(await values(cluster, topics.WEBHOOKS)) == 8

        assert await until(twice, within=30)
        await skips.unskip(log.pool, webhooks.name, found.blocked_at, "ada")
        await cursor.move(await cursor.read(), ORIGIN)
        assert await until(partial(has_stopped, log, webhooks), within=30)


class Refuses(Outbox):
    """Takes no message of a size that a topic does not take."""

    async def send(self, messages: Iterable[Message]) -> None:
        messages = list(messages)
        if any(len(message.value or b"") > 1_000 for message in messages):
            raise TooLargeError("The topic refuses a message for its size")
        await super().send(messages)


async def test_a_message_that_kafka_refuses_is_found_in_its_page(
    cluster: Connection, log: EventLog
) -> None:
    appender, feed = Appender(log), EventsFeed()
    for _ in range(7):
        await appender.happened(enrolled())
    await appender.happened(enrolled(), note="x" * 1_000)
    await appender.happened(enrolled())
    async with Refuses(cluster) as outbox, published(log, outbox, feed):
        assert await until(partial(has_stopped, log, feed), within=30)
        found = await standing(log, feed)
        assert found.blocked_at is not None
        assert f"{MINE}@8" in (found.error or "")
        assert set(await values(cluster, topics.EVENTS)) == {
            it.state for it in (await log.load({str(MINE): 0}))[str(MINE)][:7]
        }
        await skips.skip(log.pool, feed.name, found.blocked_at, "too large", "ada")
        assert await until(partial(is_done, log, feed), within=30)


async def test_a_server_that_is_away_is_no_poison(cluster: Connection, log: EventLog) -> None:
    """The feed is patient, and nothing is written of the event that was to be sent."""

    class Away(Outbox):
        failures = 0

        async def send(self, messages: Iterable[Message]) -> None:
            self.failures += 1
            if self.failures < 3:
                raise ConnectionResetError
            await super().send(messages)

    feed = EventsFeed()
    await Appender(log).happened(enrolled())
    async with Away(cluster) as outbox, published(log, outbox, feed):
        assert await until(partial(is_done, log, feed), within=30)
    assert outbox.failures == 3
    assert len(await values(cluster, topics.EVENTS)) == 1
