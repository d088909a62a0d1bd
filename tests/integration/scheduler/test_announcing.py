"""Whoever's completion falls due soon is told, once (B12)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from contracts.topics import Stream, recertification_stream
from services.domain.due import announcement_id
from services.scheduler.announcing import EVERY, SOON, Announcing
from services.store import schedules
from services.store.records import NewEvent
from tests.support.announcing import (
    SOON_DUE,
    announce,
    completes,
    found,
    keep,
    project,
    to_the_end,
    whom,
)
from tests.support.appended import Appender
from tests.support.happened import (
    activities_reset,
    course_completed,
    course_reset,
    enrolled,
    unenrolled,
)
from tests.support.recertifying import recertification
from tests.support.school import COURSE, SCHOOL, day

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from services.store.log import EventLog

NOW = day(SOON_DUE)
DUE = day(365) + timedelta(hours=12)


async def test_b12_who_falls_due_soon_is_told_and_the_event_says_of_what(log: EventLog) -> None:
    appender = Appender(log)
    await keep(log, recertification())
    await completes(appender, "u-1")
    await project(log)
    await announce(log, NOW)
    (event,) = await found(log)
    assert (event.school, event.learner, event.course) == (SCHOOL, "u-1", COURSE)
    assert (event.schedule, event.attempt, event.due_at) == ("yearly", 1, DUE)
    assert (event.source, event.recorded_at, event.effective_at) == ("rule", NOW, NOW)
    told = recertification(), "u-1", COURSE, 1, day(0)
    assert event.command_id == announcement_id(*told)
    (stored,) = (await log.load({recertification_stream(SCHOOL, "u-1"): 0})).popitem()[1]
    assert stored.originator_version == 1


async def test_b12_nobody_is_told_too_early_or_of_what_is_overdue(log: EventLog) -> None:
    appender = Appender(log)
    await keep(log, recertification(warn_days=10))
    await completes(appender, "u-late", on=0)
    await completes(appender, "u-soon", on=10)
    await completes(appender, "u-early", on=20)
    await project(log)
    await announce(log, day(366))
    assert await whom(log) == ["u-soon"]


async def test_b12_however_often_it_is_looked_at_each_completion_is_told_of_once(
    log: EventLog,
) -> None:
    """By schedulers that have just started, and by one that goes on, until it is due."""
    appender = Appender(log)
    await keep(log, recertification())
    await completes(appender, "u-1", "u-2")
    await project(log)
    clock = [NOW]
    part = Announcing(log, lambda: clock[0])
    for days in range(0, 16, 3):
        clock[0] = NOW + timedelta(days=days)
        await to_the_end(part)
        await announce(log, clock[0])
    assert sorted(await whom(log)) == ["u-1", "u-2"]


async def test_b12_a_completion_of_the_next_attempt_is_told_of_anew(log: EventLog) -> None:
    """And one of the same attempt too, after activities were reset."""
    appender = Appender(log)
    await keep(log, recertification())
    await completes(appender, "u-1")
    stream = Stream(SCHOOL, "u-1", COURSE)
    for again in (course_reset(2, reopens=True), activities_reset("a", reopens=True)):
        await project(log)
        await announce(log, NOW)
        completed = course_completed("earned", on=len(await found(log)))
        await appender.happened(again, completed, to=stream)
    await project(log)
    await announce(log, NOW)
    assert [(it.attempt, it.due_at) for it in await found(log)] == [
        (1, DUE),
        (2, DUE + timedelta(days=1)),
        (2, DUE + timedelta(days=2)),
    ]


async def test_b12_who_was_reset_unenrolled_or_undone_is_not_told(log: EventLog) -> None:
    appender = Appender(log)
    await keep(log, recertification())
    await completes(appender, "u-1", "u-2", "u-3")
    await appender.happened(course_reset(2, reopens=True), to=Stream(SCHOOL, "u-1", COURSE))
    await appender.happened(unenrolled(), to=Stream(SCHOOL, "u-2", COURSE))
    await project(log)
    await announce(log, NOW)
    assert await whom(log) == ["u-3"]


async def test_b12_what_was_reset_since_the_view_was_written_is_not_told(log: EventLog) -> None:
    """The log has the last word; whoever is still meant is told when the view has come there."""
    appender = Appender(log)
    await keep(log, recertification())
    await completes(appender, "u-1", "u-2", "u-3")
    await project(log)
    await appender.happened(course_reset(2, reopens=True), to=Stream(SCHOOL, "u-1", COURSE))
    await appender.happened(unenrolled(), enrolled(), to=Stream(SCHOOL, "u-2", COURSE))
    await announce(log, NOW)
    assert await whom(log) == ["u-3"]
    await project(log)
    await announce(log, NOW)
    assert await whom(log) == ["u-3", "u-2"]


async def test_b12_a_new_schedule_tells_at_once_who_is_not_overdue(log: EventLog) -> None:
    """It does not wait for the next pass; nor does one that is changed."""
    appender = Appender(log)
    await completes(appender, "u-1", on=0)
    await completes(appender, "u-overdue", on=-30)
    await completes(appender, "u-2", on=40)
    await project(log)
    clock = [NOW]
    part = Announcing(log, lambda: clock[0])
    await to_the_end(part)
    await keep(log, recertification(warn_days=20), on=SOON_DUE)
    assert await part.turn() is False
    clock[0] = NOW + SOON
    await to_the_end(part)
    assert await whom(log) == ["u-1"]
    await keep(log, recertification(warn_days=90), on=SOON_DUE + 1)
    clock[0] = NOW + 2 * SOON
    await to_the_end(part)
    assert await whom(log) == ["u-1", "u-2"]


async def test_b12_between_two_passes_nobody_is_looked_at(log: EventLog) -> None:
    appender = Appender(log)
    await keep(log, recertification())
    await project(log)
    clock = [NOW]
    part = Announcing(log, lambda: clock[0])
    await to_the_end(part)
    await completes(appender, "u-1")
    await project(log)
    clock[0] = NOW + EVERY - timedelta(seconds=1)
    assert await part.turn() is False
    assert await whom(log) == []
    clock[0] = NOW + EVERY
    await to_the_end(part)
    assert await whom(log) == ["u-1"]


async def test_b12_a_large_course_is_looked_through_some_learners_at_a_time(log: EventLog) -> None:
    """Nobody is missed at the end of a page, whoever is to be told or not."""
    appender = Appender(log)
    await keep(log, recertification())
    for n in range(23):
        await completes(appender, f"u-{n:02}", on=-100 if n in {4, 9, 10, 22} else 0)
    await project(log)
    assert await announce(log, NOW, learners=5) == 6
    told = [f"u-{n:02}" for n in range(23) if n not in {4, 9, 10, 22}]
    assert sorted(await whom(log)) == told


async def test_b12_each_schedule_warns_by_itself(log: EventLog) -> None:
    """Of two courses, of one course by two schedules; one that is off or warns nobody does not."""
    appender = Appender(log)
    await keep(
        log,
        recertification(),
        recertification(schedule="late", warn_days=16),
        recertification(schedule="too-late", warn_days=15),
        recertification(schedule="chemistry", course="chemistry-1"),
        recertification(schedule="off", enabled=False),
        recertification(schedule="silent", warn_days=None),
    )
    await completes(appender, "u-1")
    await completes(appender, "u-1", course="chemistry-1")
    await project(log)
    await announce(log, NOW)
    assert sorted((it.schedule, it.course) for it in await found(log)) == [
        ("chemistry", "chemistry-1"),
        ("late", COURSE),
        ("yearly", COURSE),
    ]
    (stored,) = (await log.load({recertification_stream(SCHOOL, "u-1"): 0})).values()
    assert [it.originator_version for it in stored] == [1, 2, 3]


async def test_b12_one_that_is_switched_off_in_the_middle_of_a_pass_tells_nobody_more(
    log: EventLog,
) -> None:
    appender = Appender(log)
    await keep(log, recertification())
    await completes(appender, "u-1", "u-2")
    await project(log)
    part = Announcing(log, lambda: NOW, learners=1)
    assert await part.turn()
    await keep(log, recertification(enabled=False))
    await to_the_end(part)
    assert await whom(log) == ["u-1"]
    assert await schedules.remove(log.pool, SCHOOL, "yearly")
    await announce(log, NOW)
    assert await whom(log) == ["u-1"]


async def test_a3_schools_do_not_mix(log: EventLog) -> None:
    """Two schools with a course and a learner of the same ids; one has a schedule."""
    appender = Appender(log)
    await keep(log, recertification(school="hill"))
    await completes(appender, "u-1")
    await completes(appender, "u-1", school="hill")
    await completes(appender, "u-2")
    await project(log)
    await announce(log, NOW)
    assert [(it.school, it.learner) for it in await found(log)] == [("hill", "u-1")]


async def test_a_stream_that_cannot_be_read_stops_no_other_schedule(
    log: EventLog, caplog: pytest.LogCaptureFixture
) -> None:
    appender = Appender(log)
    await keep(log, recertification(), recertification(schedule="zoology", course="zoology-1"))
    await completes(appender, "u-1")
    await completes(appender, "u-2", course="zoology-1")
    await project(log)
    name = "coursemark.progress.recertification_announced.v1"
    await log.append([NewEvent(recertification_stream(SCHOOL, "u-1"), 1, name, b"{}")])
    await announce(log, NOW)
    assert "warnings of the schedule yearly of riverside failed" in caplog.text
    told = recertification_stream(SCHOOL, "u-2")
    assert len((await log.load({told: 0}))[told]) == 1


async def test_before_the_view_is_built_nobody_is_told_and_it_looks_again_soon(
    log: EventLog,
) -> None:
    appender = Appender(log)
    await keep(log, recertification())
    await completes(appender, "u-1")
    clock: list[datetime] = [NOW]
    part = Announcing(log, lambda: clock[0])
    await to_the_end(part)
    assert await whom(log) == []
    await project(log)
    clock[0] = NOW + SOON
    await to_the_end(part)
    assert await whom(log) == ["u-1"]
