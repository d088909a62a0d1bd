"""Promises (B10): a view is built anew from the log with no downtime, or is left as it was."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from contracts.events import TimeSpentRecorded
from contracts.registry import name_of
from contracts.topics import Stream
from projections.events_log import EVENTS_LOG
from projections.progress import PROGRESS
from projections.registry import PROJECTIONS
from services.projector.cursors import StoredCursor
from services.projector.errors import (
    PoisonEventError,
    RebuildRunningError,
    UnknownViewError,
    ViewVersionError,
)
from services.projector.feed import Feed
from services.projector.follower import Limits
from services.projector.prepare import prepare
from services.projector.rebuild import Rebuild, alone
from services.projector.runtime import Projector
from services.store.cursors import CursorMovedError
from services.store.log import EventLog
from services.store.pool import open_pool
from services.store.records import ORIGIN
from services.views.progress import ProgressView
from tests.support.happened import course_reset, earned, enrolled, spent
from tests.support.projections import BROKEN, POISON, RAISED
from tests.support.running import caught_up, running
from tests.support.school import activity, course
from tests.support.views import all_rows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import asyncpg

    from tests.support.appended import Appender

LEARNERS, ROUNDS = 40, 30


def stream(number: int) -> Stream:
    return Stream("riverside", f"u-{number:03}", "biology-1")


async def enroll_all(appender: Appender) -> None:
    await appender.published(course(activity("video"), activity("form", "form")))
    for number in range(LEARNERS):
        await appender.happened(enrolled(), spent("video", 1), to=stream(number))


VIEWS = {it.name for it in PROJECTIONS}
OF_TIME = {it.name for it in PROJECTIONS if name_of(TimeSpentRecorded) in it.handles}
"""Those that want the time that somebody spent."""


async def schemas(log: EventLog) -> set[str]:
    rows = await log.pool.fetch("select nspname from pg_namespace where nspname !~ '^pg_'")
    return {row[0] for row in rows} - {"public", "information_schema"}


async def test_readers_miss_no_row_while_a_view_is_rebuilt_beside_live_events(
    log: EventLog, appender: Appender
) -> None:
    await enroll_all(appender)
    projector = Projector(log)
    await projector.catch_up()
    done = asyncio.Event()
    seen: list[tuple[int, int]] = []

    async def write() -> None:
        for number in range(ROUNDS):
            to = stream(number % LEARNERS)
            await appender.happened(spent("form", 1), earned("form"), course_reset(2), to=to)
            await appender.happened(enrolled(), to=stream(LEARNERS + number))

    async def poll() -> None:
        while not done.is_set():
            courses = await log.pool.fetchval("select count(*) from progress.courses")
            entries = await log.pool.fetchval("select count(*) from events_log.entries")
            seen.append((courses, entries))

    async def rebuild() -> None:
        for _ in range(3):
            for name in VIEWS:
                await projector.rebuild(name)

    async with running(projector):
        polling = asyncio.create_task(poll())
        await asyncio.gather(write(), rebuild())
        await caught_up(projector)
        done.set()
        await polling

    assert [courses for courses, _ in seen] == sorted(courses for courses, _ in seen)
    assert [entries for _, entries in seen] == sorted(entries for _, entries in seen)
    for name in VIEWS:
        assert (await projector.check(name)).differences == []
    assert await schemas(log) == VIEWS
    assert await log.pool.fetchval("select min(generation) from projection_cursors") == 3


async def test_a_rebuild_takes_a_lagging_view_forward_and_its_follower_goes_on(
    log: EventLog, appender: Appender
) -> None:
    await enroll_all(appender)
    await Projector(log).catch_up()
    projector = Projector(log)
    follower = projector._follower("events_log", Feed(log))
    await follower.cursor()
    await appender.happened(spent("video", 1), to=stream(1))
    await projector.rebuild("events_log")
    await appender.happened(spent("video", 1), to=stream(2))
    async with running(projector):
        await caught_up(projector, "events_log")
    entries = await log.pool.fetchval("select count(*) from events_log.entries")
    assert entries == 2 * LEARNERS + 2


async def test_a_failed_rebuild_leaves_the_old_view_serving(
    log: EventLog, appender: Appender
) -> None:
    await enroll_all(appender)
    await appender.happened(spent("video", 5), to=stream(3), command_id=POISON)
    projector = Projector(log)
    await projector.catch_up()
    rows, cursor = await all_rows(log), await StoredCursor(log.pool, "progress").read()

    with pytest.raises(PoisonEventError, match=f"{stream(3)}@3"):
        await Projector(log, [BROKEN]).rebuild("progress")

    assert await all_rows(log) == rows
    assert await StoredCursor(log.pool, "progress").read() == cursor
    assert await schemas(log) == VIEWS
    await appender.happened(spent("video", 5), to=stream(3))
    assert await projector.catch_up("progress") == 1


async def test_a_cancelled_rebuild_leaves_nothing_behind(log: EventLog, appender: Appender) -> None:
    await enroll_all(appender)
    projector = Projector(log)
    await projector.catch_up()
    rows = await all_rows(log)
    begun = asyncio.Event()
    rebuilding = asyncio.create_task(projector.rebuild("progress", lambda _events: begun.set()))
    await begun.wait()
    rebuilding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await rebuilding
    assert await all_rows(log) == rows
    assert await schemas(log) == VIEWS
    await projector.rebuild("progress")


async def test_an_export_that_began_before_the_swap_is_finished_on_the_old_rows(
    log: EventLog, appender: Appender
) -> None:
    await enroll_all(appender)
    projector = Projector(log)
    await projector.catch_up()
    export = ProgressView(log.pool).export_progress()
    first = await anext(export)
    await projector.rebuild("progress")
    await projector.rebuild("progress")
    assert await schemas(log) == VIEWS | {"progress_old_0"}
    learners = [first.learner] + [row.learner async for row in export]
    assert learners == [stream(number).learner for number in range(LEARNERS)]
    await projector.rebuild("progress")
    assert await schemas(log) == VIEWS


async def test_a_view_is_rebuilt_by_one_at_a_time(log: EventLog, appender: Appender) -> None:
    await enroll_all(appender)
    results = await asyncio.gather(
        *(Projector(log).rebuild("progress") for _ in range(3)), return_exceptions=True
    )
    refused = [it for it in results if isinstance(it, RebuildRunningError)]
    assert len(refused) == 2
    assert "wait until that is done" in str(refused[0])
    assert (await Projector(log).check("progress")).differences == []


async def test_a_raised_version_is_built_beside_and_its_forerunner_stands_down(
    log: EventLog, appender: Appender
) -> None:
    await enroll_all(appender)
    older, newer = Projector(log), Projector(log, [RAISED, EVENTS_LOG])
    await older.catch_up()
    async with running(newer):
        await appender.happened(enrolled(), to=stream(LEARNERS))
        await caught_up(newer)
    assert (await StoredCursor(log.pool, "progress").read()).version == RAISED.version
    assert await log.pool.fetchval("select count(*) from progress.courses") == LEARNERS + 1
    await appender.happened(enrolled(), to=stream(LEARNERS + 1))
    for refused in (older.catch_up("progress"), older.rebuild("progress"), older.check("progress")):
        later = f"has version {RAISED.version}, later than {PROGRESS.version}"
        with pytest.raises(ViewVersionError, match=later):
            await refused
    assert await older.catch_up("events_log") == 1


async def test_two_new_projectors_build_a_large_log_once_and_both_follow(
    log: EventLog, appender: Appender
) -> None:
    await enroll_all(appender)
    projectors = [Projector(log, limits=Limits(bulk=10)) for _ in range(2)]
    async with running(*projectors):
        await caught_up(projectors[0])
        await appender.happened(spent("video", 1), to=stream(1))
        await caught_up(projectors[0])
    assert await log.pool.fetchval("select array_agg(generation) from projection_cursors") == [
        1
    ] * len(VIEWS)
    for name in VIEWS:
        assert (await projectors[0].check(name)).differences == []


async def test_what_another_has_built_meanwhile_is_not_built_again(
    log: EventLog, appender: Appender, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enroll_all(appender)

    @asynccontextmanager
    async def after_another(pool: asyncpg.Pool, name: str) -> AsyncIterator[asyncpg.Connection]:
        await Projector(log).rebuild(name)
        async with alone(pool, name) as connection:
            yield connection

    monkeypatch.setattr("services.projector.prepare.alone", after_another)
    await prepare(log, PROGRESS, Limits(bulk=10))
    assert (await StoredCursor(log.pool, "progress").read()).generation == 1


async def test_two_connections_are_enough(appender: Appender, database_url: str) -> None:
    """As many as the settings ask for at the least."""
    await enroll_all(appender)
    pool = await open_pool(database_url, max_size=2)
    projector = Projector(EventLog(pool), limits=Limits(bulk=10))
    async with running(projector):
        await caught_up(projector)
    for name in VIEWS:
        await projector.rebuild(name)
        assert (await projector.check(name)).differing == 0
    await pool.close()


async def test_a_view_that_there_is_not_is_named(log: EventLog) -> None:
    with pytest.raises(UnknownViewError, match="there are progress, events_log"):
        await Projector(log).rebuild("progres")


async def test_a_follower_forgets_the_states_of_the_view_that_was_replaced(
    log: EventLog, appender: Appender
) -> None:
    """The new view may stand just where the old one stood, with other rows."""
    await appender.happened(enrolled(), spent("video", 5), to=stream(1))
    projector = Projector(log)
    await projector.catch_up("progress")
    await log.pool.execute("update progress.activities set time_spent_ever = 1000")
    follower = projector._follower("progress", Feed(log))
    await appender.happened(spent("video", 1), to=stream(1))
    assert await follower.step() == 1
    await projector.rebuild("progress")
    await appender.happened(spent("video", 1), to=stream(1))
    with pytest.raises(CursorMovedError):
        await follower.step()
    assert await follower.step() == 1
    assert await log.pool.fetchval("select time_spent_ever from progress.courses") == 7


async def test_a_swap_never_takes_a_view_back(log: EventLog, appender: Appender) -> None:
    await enroll_all(appender)
    projector = Projector(log)
    await projector.catch_up()
    rows, cursor = await all_rows(log), await StoredCursor(log.pool, "progress").read()
    rebuilding = Rebuild(log, PROGRESS, Limits())
    assert not await rebuilding._swap(ORIGIN)
    assert await all_rows(log) == rows
    assert await StoredCursor(log.pool, "progress").read() == cursor


@pytest.mark.parametrize("page", [1, 2, 3, 7])
async def test_pages_end_between_streams_however_long_these_are(
    log: EventLog, appender: Appender, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    await appender.published(course(activity("video")))
    for number, events in enumerate((1, 6, 3, 1, 2)):
        await appender.happened(*[spent("video", 10 + n) for n in range(events)], to=stream(number))
    projector = Projector(log)
    await projector.catch_up()
    rows = await all_rows(log)
    monkeypatch.setattr("services.projector.filling.PAGE", page)
    monkeypatch.setattr("services.projector.check.PAGE", page)
    for name in VIEWS:
        streams, events = (5, 13) if name in OF_TIME else (0, 0)
        assert (await projector.rebuild(name)).events == events
        assert await all_rows(log) == rows
        checked = await projector.check(name)
        assert (checked.streams, checked.events, checked.differing) == (streams, events, 0)
