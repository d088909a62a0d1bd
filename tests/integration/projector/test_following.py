"""Promises: rows and cursor move together; each event counts once, whoever else follows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from contracts.topics import Stream
from projections.progress import PROGRESS
from services.projector import following
from services.projector.cursors import Cursor, StoredCursor
from services.projector.feed import Feed
from services.projector.follower import Follower, Limits
from services.projector.runtime import Projector
from services.projector.views import View
from services.runtime.embedded import EmbeddedPostgres
from services.store.cursors import CursorMovedError
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.support.appended import Appender
from tests.support.happened import earned, enrolled, spent, visited
from tests.support.running import caught_up, running
from tests.support.school import activity, course
from tests.support.servers import TEST_SETTINGS, server_folder
from tests.support.views import all_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from projections.definition import Write
    from services.store.records import Position

WRITERS, ROUNDS, LEARNERS = 8, 12, 5
COURSE = course(activity("video"), activity("form", "form"))


class Failing(View[Any]):
    """Fails after its rows are written and the cursor is moved, before the commit."""

    async def write(self, connection: asyncpg.Connection, writes: Sequence[Write]) -> None:
        await super().write(connection, writes)
        raise ConnectionResetError


def follower(log: EventLog, view: type[View[Any]] = View, limits: Limits = Limits()) -> Any:  # noqa: B008
    return Follower(
        Feed(log), view(log.pool, PROGRESS, "progress"), StoredCursor(log.pool, "progress"), limits
    )


async def learner(log: EventLog, writer: int) -> None:
    """Appends beside others, each batch in a transaction of its own that takes its time."""
    appender = Appender(log)
    streams = [Stream("s", f"w{writer}-{number}", "biology-1") for number in range(LEARNERS)]
    for stream in streams:
        await appender.happened(enrolled(), to=stream)
    for _ in range(ROUNDS):
        batch = [
            (str(it), event)
            for it in streams
            for event in appender.events(spent("video", 1), to=it)
        ]
        await appender.append(batch)


async def test_rows_and_cursor_move_together_or_not_at_all(
    log: EventLog, appender: Appender
) -> None:
    await appender.happened(enrolled(), visited("video"))
    await Projector(log).catch_up()
    rows, cursor = await all_rows(log), await StoredCursor(log.pool, "progress").read()
    await appender.happened(spent("video", 5))

    with pytest.raises(ConnectionResetError):
        await follower(log, Failing).step()

    assert await all_rows(log) == rows
    assert await StoredCursor(log.pool, "progress").read() == cursor
    assert await follower(log).step() == 1
    spent_in = await log.pool.fetchval("select time_spent from progress.courses")
    assert spent_in == 5


async def test_reading_and_folding_hold_no_follower_of_the_log_back(
    log: EventLog, appender: Appender
) -> None:
    """The horizon of all followers is the oldest transaction that has an id."""
    await appender.published(COURSE)
    await appender.happened(enrolled(), visited("video"))
    await Projector(log).catch_up()
    await appender.published(course(activity("video"), version=2))
    await appender.happened(spent("video", 5))
    ids: list[str | None] = []

    class Watched(StoredCursor):
        async def move(
            self, connection: asyncpg.Connection, expected: Cursor, to: Position, handled: int
        ) -> bool:
            ids.append(await connection.fetchval("select pg_current_xact_id_if_assigned()::text"))
            return await super().move(connection, expected, to, handled)

    view = View(log.pool, PROGRESS, "progress")
    assert await Follower(Feed(log), view, Watched(log.pool, "progress"), Limits()).step() == 2
    assert ids == [None, None]


async def test_a_follower_that_was_overtaken_writes_nothing_and_goes_on_from_there(
    log: EventLog, appender: Appender
) -> None:
    await appender.happened(enrolled(), spent("video", 5))
    await Projector(log).catch_up()
    slow, fast = follower(log), follower(log)
    await slow.cursor()
    await appender.happened(spent("video", 7))
    assert await fast.step() == 1
    await appender.happened(spent("video", 9))

    with pytest.raises(CursorMovedError):
        await slow.step()

    assert await log.pool.fetchval("select time_spent from progress.courses") == 12
    assert await slow.step() == 1
    assert await log.pool.fetchval("select time_spent from progress.courses") == 21


async def test_who_is_overtaken_by_a_rival_stands_back_and_after_a_swap_goes_on(
    log: EventLog, appender: Appender
) -> None:
    await appender.happened(enrolled())
    await Projector(log).catch_up()
    slow = follower(log)
    await slow.cursor()
    await appender.happened(spent("video", 7))
    await Projector(log).catch_up()
    overtaken = await following.step(slow)
    await appender.happened(spent("video", 7))
    await Projector(log).rebuild("progress")
    swapped = await following.step(slow)
    assert (overtaken, swapped) == (None, 1)
    assert following.pause(overtaken, 0) == following.STANDBY
    assert following.pause(swapped, 0) < following.STANDBY


async def test_two_projectors_beside_eight_writers_count_each_event_once(log: EventLog) -> None:
    one, other = Projector(log), Projector(log, limits=Limits(events=50, states=7))
    async with running(one, other):
        await asyncio.gather(*(learner(log, writer) for writer in range(WRITERS)))
        await caught_up(one)
    total = WRITERS * LEARNERS * (1 + ROUNDS)
    entries = await log.pool.fetchval("select count(*) from events_log.entries")
    seconds = await log.pool.fetch("select distinct time_spent from progress.courses")
    assert (entries, [row[0] for row in seconds]) == (total, [ROUNDS])
    for name in ("progress", "events_log"):
        checked = await one.check(name)
        assert (checked.events, checked.differences) == (total, [])


async def test_small_batches_and_hardly_any_memory_give_the_same_rows(
    log: EventLog, appender: Appender
) -> None:
    await appender.published(COURSE)
    for number in range(10):
        stream = Stream("riverside", f"u-{number % 4}", "biology-1")
        await appender.happened(spent("video", number + 1), earned("form"), to=stream)
    await Projector(log, limits=Limits(events=2, states=1, streams=1)).catch_up()
    rows = await all_rows(log)
    for name in ("progress", "events_log"):
        await Projector(log).rebuild(name)
    assert await all_rows(log) == rows


async def test_b9_a_structure_change_that_was_cut_off_is_finished_by_the_next(
    log: EventLog, appender: Appender
) -> None:
    """The rows are paged, each page a transaction; the cursor follows the last."""
    await appender.published(COURSE)
    for number in range(5):
        to = Stream("riverside", f"u-{number}", "biology-1")
        await appender.happened(enrolled(), earned("video"), to=to)
    await Projector(log).catch_up()
    before = await StoredCursor(log.pool, "progress").read()
    await appender.published(course(activity("video"), version=2))

    class SecondPageFails(View[Any]):
        pages = 0

        async def write(self, connection: asyncpg.Connection, writes: Sequence[Write]) -> None:
            await super().write(connection, writes)
            self.pages += 1
            if self.pages == 2:
                raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await follower(log, SecondPageFails, Limits(streams=2)).step()

    assert await rates(log) == {50.0: 3, 100.0: 2}
    assert await StoredCursor(log.pool, "progress").read() == before
    await follower(log, limits=Limits(streams=2)).step()
    assert await rates(log) == {100.0: 5}


async def rates(log: EventLog) -> dict[float, int]:
    rows = await log.pool.fetch("select progress_rate, count(*) from progress.courses group by 1")
    return dict(rows)


async def test_a_view_follows_on_after_postgresql_was_stopped_at_once() -> None:
    with server_folder() as folder:
        async with EmbeddedPostgres(folder, settings=TEST_SETTINGS) as server:
            log = EventLog(await open_pool(server.url))
            await migrate(log.pool)
            appender, projector = Appender(log), Projector(log)
            async with running(projector):
                await appender.happened(enrolled(), spent("video", 5))
                await caught_up(projector)
                await server.stop(immediate=True)
                await server.start()
                again = EventLog(await open_pool(server.url))
                await Appender(again).happened(enrolled(), to=Stream("s", "late", "c"))
                await caught_up(Projector(again))
            for name in ("progress", "events_log"):
                checked = await Projector(again).check(name)
                assert (checked.streams, checked.differences) == (2, [])
            await log.pool.close()
            await again.pool.close()
