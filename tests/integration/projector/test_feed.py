"""Promise: views that share what is read of the log see every event once and in order."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from contracts.topics import Stream
from services.projector.feed import Feed
from services.store.records import ORIGIN, NewEvent
from tests.support.appended import MINE, Appender
from tests.support.happened import enrolled, spent

if TYPE_CHECKING:
    import pytest

    from services.projector.feed import Decoded
    from services.store.log import EventLog

WRITERS, BATCHES = 8, 20
TOTAL = WRITERS * BATCHES * 2


async def write(log: EventLog, writer: int) -> None:
    appender = Appender(log)
    for _ in range(BATCHES):
        await appender.happened(spent("a", 1), spent("b", 1), to=Stream("s", f"w{writer}", "c"))


async def read(feed: Feed, seed: int) -> list[Decoded]:
    """Follow to the end of what is written, in pages of all sizes, now and then left behind."""
    chance, position = random.Random(seed), ORIGIN
    seen: list[Decoded] = []
    async with asyncio.timeout(60):
        while len(seen) < TOTAL:
            page = await feed.follow(str(seed), position, chance.randint(1, 40))
            seen += page
            position = page[-1].position if page else position
            for _ in range(chance.choice((0, 0, 1, 50))):
                await asyncio.sleep(0)
    feed.leave(str(seed))
    return seen


async def test_readers_at_their_own_pace_beside_eight_writers_miss_nothing(log: EventLog) -> None:
    feed = Feed(log, kept=30)
    *seen, _ = await asyncio.gather(
        *(read(feed, seed) for seed in range(4)),
        asyncio.gather(*(write(log, writer) for writer in range(WRITERS))),
    )
    await feed.close()
    everything = [it.position for it in await log.follow(ORIGIN, TOTAL + 1)]
    assert len(everything) == TOTAL
    assert all([it.position for it in events] == everything for events in seen)


async def test_what_one_reader_has_read_the_others_need_not(
    log: EventLog, appender: Appender
) -> None:
    await appender.happened(enrolled(), spent("a", 1), spent("a", 2))
    feed = Feed(log)
    first = await feed.follow("a", ORIGIN, 10)
    await log.pool.execute("delete from stored_events")
    assert await feed.follow("a", ORIGIN, 10) == first
    assert await feed.follow("b", first[0].position, 1) == first[1:2]
    assert await feed.follow("b", first[-1].position, 10) == []


async def test_an_event_that_cannot_be_decoded_comes_with_the_reason(log: EventLog) -> None:
    await log.append([NewEvent(str(MINE), 1, "coursemark.progress.learner_enrolled.v1", b"{")])
    [found] = await Feed(log).follow("a", ORIGIN, 10)
    assert (found.stream, found.version) == (str(MINE), 1)
    assert isinstance(found.event, ValueError)


async def test_the_first_waits_for_others_and_not_for_one_that_has_left(
    log: EventLog, appender: Appender
) -> None:
    """With more to do than can be done, nothing is read twice; and nobody is held up for good."""
    for _ in range(6):
        await appender.happened(spent("a", 1))
    feed = Feed(log, kept=4)
    first = await feed.follow("fast", ORIGIN, 2)
    second = await feed.follow("fast", first[-1].position, 2)
    assert await feed.follow("slow", ORIGIN, 2) == first
    going_on = asyncio.create_task(feed.follow("fast", second[-1].position, 2))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not going_on.done()
    assert await feed.follow("slow", first[-1].position, 2) == second
    third = await going_on
    assert [it.version for it in third] == [5, 6]
    again = asyncio.create_task(feed.follow("fast", third[-1].position, 4))
    feed.leave("slow")
    assert await again == []


async def test_pages_of_large_events_are_small_and_so_is_the_window(
    log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Course structures may be a hundred times as large as a learner's events."""
    monkeypatch.setattr("services.projector.feed.LARGE", 30_000)
    monkeypatch.setattr("services.projector.feed.FIRST_PAGE", 40)
    monkeypatch.setattr("services.projector.feed.SMALLEST_PAGE", 5)
    sizes = [100] * 200 + [3_000] * 200 + [100] * 200
    events = [NewEvent("s/l/c", n, "t", b"x" * size) for n, size in enumerate(sizes, 1)]
    await log.append(events)
    feed, position, pages = Feed(log), ORIGIN, []
    while page := await feed.follow("a", position, 1_000):
        position = page[-1].position
        pages.append(len(page))
        window = feed._window[: -len(page)]
        assert sum(event.size for event in window) <= 60_000
    assert sum(pages) == 600
    assert pages[:2] == [40, 80]
    assert pages.count(10) >= 5
    assert max(pages[-3:]) >= 40


async def test_a_reader_that_is_ahead_of_the_window_moves_it_there(
    log: EventLog, appender: Appender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was being read ahead from the old place is not taken for what comes next."""
    monkeypatch.setattr("services.projector.feed.FIRST_PAGE", 2)
    for _ in range(6):
        await appender.happened(spent("a", 1))
    positions = [it.position for it in await log.follow(ORIGIN, 10)]
    feed = Feed(log)
    assert [it.version for it in await feed.follow("a", ORIGIN, 2)] == [1, 2]
    assert [it.version for it in await feed.follow("b", positions[3], 2)] == [5, 6]
    assert [it.version for it in await feed.follow("a", positions[1], 2)] == [3, 4]
    await feed.close()
