"""Promise (B10): an event is skipped on record where a view has stopped at it, and only there.

Following, rebuilding and checking then agree on a view without it, and who runs goes on by itself.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from contracts.topics import course_stream
from projections.events_log import EVENTS_LOG
from projections.progress import PROGRESS
from services.projector.cursors import StoredCursor
from services.projector.errors import PoisonEventError
from services.projector.follower import Limits
from services.projector.runtime import Projector
from services.runtime.embedded.waiting import until
from services.store import skips
from services.store.records import NewEvent, Position
from services.store.restore import renumber_transactions
from services.store.skips import NotSkippedError, NotStoppedThereError
from tests.support.appended import MINE
from tests.support.happened import earned, enrolled, spent
from tests.support.projections import BROKEN, POISON, RAISED
from tests.support.running import caught_up, running
from tests.support.school import COURSE, SCHOOL, activity, course
from tests.support.tallies.definitions import ROLL, SPENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.definition import Recorded
    from projections.progress.state import Record
    from services.store.log import EventLog
    from services.views.standing import Standing
    from tests.support.appended import Appender

UNKNOWN = "coursemark.progress.of_tomorrow.v1"


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.projector.runtime.LOOK", 0.02)


async def standing(projector: Projector, name: str) -> Standing:
    [found] = [it for it in await projector.statuses() if it.name == name]
    return found


async def stopped_at(projector: Projector, name: str) -> Position:
    """Wait until a view has stopped at an event."""

    async def has_stopped() -> bool:
        return (await standing(projector, name)).blocked_at is not None

    assert await until(has_stopped, within=30)
    found = (await standing(projector, name)).blocked_at
    assert found is not None
    return found


async def poisoned(appender: Appender) -> None:
    """Three events, of which `BROKEN` cannot fold the second, and one more."""
    await appender.happened(enrolled(), spent("video", 5))
    await appender.happened(spent("video", 7), command_id=POISON)
    await appender.happened(spent("video", 9))


async def time_spent(log: EventLog) -> int | None:
    found: int | None = await log.pool.fetchval("select time_spent from progress.courses")
    return found


async def test_a_running_projector_goes_on_without_the_event_and_so_do_rebuild_and_check(
    log: EventLog, appender: Appender
) -> None:
    projector = Projector(log, [BROKEN, EVENTS_LOG])
    await poisoned(appender)
    async with running(projector):
        at = await stopped_at(projector, "progress")
        before = await standing(projector, "progress")
        skipped = await skips.skip(log.pool, "progress", at, "tried in vain", "ada")
        await caught_up(projector)
    after = await standing(projector, "progress")
    assert skipped == (str(MINE), 3, "coursemark.progress.time_spent_recorded.v1")
    assert (before.blocked_since is None, before.behind) == (False, 2)
    assert (after.error, after.blocked_since, after.blocked_at) == (None, None, None)
    for _ in range(2):
        assert await time_spent(log) == 14
        assert (await projector.check("progress")).differing == 0
        await projector.rebuild("progress")
    assert await log.pool.fetchval("select count(*) from events_log.entries") == 4
    [record] = await skips.on_record(log.pool)
    assert (record.projection, record.position, record.stream) == ("progress", at, str(MINE))
    assert (record.reason, record.skipped_by, record.ended_at) == ("tried in vain", "ada", None)
    assert "ArithmeticError" in record.error


async def test_only_the_event_at_which_a_view_has_stopped_can_be_skipped(
    log: EventLog, appender: Appender
) -> None:
    projector = Projector(log, [BROKEN])
    await poisoned(appender)
    positions = [it.position for it in await log.follow(Position(0, 0), 10)]
    skip = partial(skips.skip, log.pool, "progress")
    with pytest.raises(NotStoppedThereError, match="has not stopped"):
        await skip(positions[2], "why not", "ada")
    async with running(projector):
        at = await stopped_at(projector, "progress")
        assert at == positions[2]
        for other in (*positions[:2], positions[3], Position(10**9, 1)):
            with pytest.raises(NotStoppedThereError, match=f"stopped at position {at}, not"):
                await skip(other, "why not", "ada")
    await skip(at, "tried in vain", "ada")
    with pytest.raises(NotStoppedThereError, match="is skipped already"):
        await skip(at, "again", "ada")
    assert len(await skips.on_record(log.pool)) == 1


async def test_a_skip_that_is_taken_back_stays_on_record_and_counts_from_the_next_rebuild(
    log: EventLog, appender: Appender
) -> None:
    await poisoned(appender)
    async with running(Projector(log, [BROKEN])):
        at = await stopped_at(Projector(log), "progress")
        await skips.skip(log.pool, "progress", at, "tried in vain", "ada")
        await caught_up(Projector(log), "progress")
    await skips.unskip(log.pool, "progress", at, "grace")
    with pytest.raises(NotSkippedError, match="passes over no event"):
        await skips.unskip(log.pool, "progress", at, "grace")
    with pytest.raises(PoisonEventError):
        await Projector(log, [BROKEN]).rebuild("progress")
    assert (await Projector(log).check("progress")).differing > 0
    async with running(Projector(log)):
        await Projector(log).rebuild("progress")
        await appender.happened(spent("video", 1))
        await caught_up(Projector(log))
    assert await time_spent(log) == 22
    [record] = await skips.on_record(log.pool)
    assert (record.ended_by, record.ended_at is not None) == ("grace", True)


async def test_a_skipped_structure_is_as_if_it_had_never_been_published(
    log: EventLog, appender: Appender
) -> None:
    await appender.published(course(activity("video"), activity("form")))
    await appender.happened(enrolled(), earned("video"))
    topic = "coursemark.catalog.course_structure_published.v1"
    await log.append([NewEvent(course_stream(SCHOOL, COURSE), 2, topic, b"{}")])
    projector = Projector(log, [PROGRESS, EVENTS_LOG], Limits(states=1))
    async with running(projector):
        at = await stopped_at(projector, "progress")
        await skips.skip(log.pool, "progress", at, "unreadable", "ada")
        await appender.happened(spent("form", 1))
        await caught_up(projector)
    for _ in range(2):
        assert await log.pool.fetchval("select progress_rate from progress.courses") == 50.0
        assert (await projector.check("progress")).differing == 0
        await projector.rebuild("progress")
    await skips.unskip(log.pool, "progress", at, "ada")
    with pytest.raises(PoisonEventError, match=f"{course_stream(SCHOOL, COURSE)}@2"):
        await projector.rebuild("progress")


async def test_a_type_of_tomorrow_is_skipped_by_each_view_for_itself(
    log: EventLog, appender: Appender
) -> None:
    """Totals too; and the view that nobody skips it for stays where it is."""
    await appender.happened(enrolled(), spent("video", 5))
    await log.append([NewEvent(str(MINE), 3, UNKNOWN, b"{}")])
    await log.append([NewEvent("a/stream/of/five/names", 1, UNKNOWN, b"{}")])
    projections = (SPENT, ROLL, PROGRESS)
    projector = Projector(log, projections)
    async with running(projector):
        for name in ("spent", "roll"):
            for stream in (str(MINE), "a/stream/of/five/names"):

                async def stands_there(name: str = name, stream: str = stream) -> bool:
                    return stream in ((await standing(projector, name)).error or "")

                assert await until(stands_there, within=30)
                at = await stopped_at(projector, name)
                await skips.skip(log.pool, name, at, "of tomorrow", "ada")
        await caught_up(projector, "spent", "roll")
        assert (await standing(projector, "progress")).behind == 2
    for name in ("spent", "roll"):
        assert (await projector.check(name)).differing == 0
        await projector.rebuild(name)
        assert (await projector.check(name)).differing == 0
    assert await log.pool.fetchval("select seconds from spent.days") == 5


async def test_a_projector_of_which_no_view_can_go_on_waits_until_an_error_is_cleared(
    log: EventLog, appender: Appender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`retry` is for what was mended elsewhere: here, a state that would not add up."""
    await poisoned(appender)
    projector = Projector(log, [BROKEN])
    assert not await skips.retry(log.pool, "progress")
    async with running(projector):
        await stopped_at(projector, "progress")
        monkeypatch.setattr("tests.support.projections.POISON", "c-other")
        assert await skips.retry(log.pool, "progress")
        await caught_up(projector)
    assert await time_spent(log) == 21


async def test_a_projector_goes_on_with_a_view_that_a_newer_one_has_moved_past_the_event(
    log: EventLog, appender: Appender
) -> None:
    """The newer one knows the event, and leaves the view to the older again."""
    await poisoned(appender)
    older = Projector(log, [BROKEN])
    async with running(older):
        await stopped_at(older, "progress")
        await Projector(log, [PROGRESS]).catch_up()
        await appender.happened(spent("video", 1))
        await caught_up(older)
    assert await time_spent(log) == 22


async def test_of_an_event_that_another_has_passed_meanwhile_nothing_is_written_down(
    log: EventLog, appender: Appender
) -> None:
    await poisoned(appender)
    with pytest.raises(PoisonEventError) as poison:
        await Projector(log, [BROKEN]).catch_up()
    await Projector(log, [PROGRESS]).catch_up()
    late = Projector(log, [BROKEN])
    await late._report("progress", poison.value)
    assert (await standing(late, "progress")).error is None


async def test_a_new_version_that_stops_at_an_event_of_long_ago_waits_for_its_skip(
    log: EventLog, appender: Appender
) -> None:
    """It is being built; the old view has passed the event, and serves meanwhile."""
    await poisoned(appender)
    await Projector(log, [PROGRESS]).catch_up()
    builds: list[int] = []

    def fold(before: Record | None, events: Sequence[Recorded]) -> Record:
        builds.append(events[0].version)
        return BROKEN.fold(before, events)

    newer = Projector(log, [replace(BROKEN, version=PROGRESS.version + 1, fold=fold)])
    async with running(newer):
        at = await stopped_at(newer, "progress")
        tried = len(builds)
        for _ in range(20):
            await newer.statuses()
        assert (await standing(newer, "progress")).version == PROGRESS.version
        assert await time_spent(log) == 21
        assert len(builds) == tried
        await skips.skip(log.pool, "progress", at, "does not add up", "ada")

        async def is_built() -> bool:
            return (await standing(newer, "progress")).version == PROGRESS.version + 1

        assert await until(is_built, within=30)
        await caught_up(newer)
    assert await time_spent(log) == 14
    assert (await newer.check("progress")).differing == 0


async def test_a_view_that_was_taken_over_by_a_newer_version_is_no_fault_and_comes_back(
    log: EventLog, appender: Appender
) -> None:
    await appender.happened(enrolled())
    older, newer = Projector(log, [PROGRESS]), Projector(log, [RAISED])
    async with running(older):
        await caught_up(older)
        await newer.rebuild("progress")
        await appender.happened(spent("video", 1))
        assert await newer.catch_up() == 1
        assert (await standing(older, "progress")).error is None
        await log.pool.execute("update projection_cursors set version = $1", PROGRESS.version)
        await appender.happened(spent("video", 2))
        await caught_up(older)
    assert await time_spent(log) == 3


async def test_skips_hold_after_the_log_was_moved_into_another_cluster(
    log: EventLog, appender: Appender
) -> None:
    """Positions are given anew then; a skip is of a stream and a version."""
    await poisoned(appender)
    async with running(Projector(log, [BROKEN])):
        at = await stopped_at(Projector(log), "progress")
        await skips.skip(log.pool, "progress", at, "tried in vain", "ada")
        await caught_up(Projector(log), "progress")
    await renumber_transactions(log.pool)
    await Projector(log, [BROKEN]).rebuild("progress")
    [record] = await skips.on_record(log.pool)
    assert record.position == Position(1, 3)
    await skips.unskip(log.pool, "progress", record.position, "ada")
    assert (await StoredCursor(log.pool, "progress").read()).error is None
