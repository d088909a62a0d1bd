"""Programmes are awarded as the log says (B12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.topics import Stream, awards_stream
from services.programs.reading import NAME
from services.store.cursors import Cursor
from services.store.records import ORIGIN
from tests.support.appended import Appender
from tests.support.awarding import completes, follow, following, found, publish, whose
from tests.support.happened import (
    activities_reset,
    course_completed,
    course_reset,
    enrolled,
    reset_revoked,
)
from tests.support.programs import program
from tests.support.school import SCHOOL

if TYPE_CHECKING:
    import pytest

    from services.store.log import EventLog


async def test_b12_the_last_required_course_completes_the_programme(log: EventLog) -> None:
    appender = Appender(log)
    await publish(appender, program("algae", "moss", optional=("ferns",)))
    await completes(appender, "u-1", "algae", "ferns")
    await follow(log)
    assert await found(log) == []
    await completes(appender, "u-1", "moss", command_id="c-9", batch_id="job-1")
    await follow(log)
    (event,) = await found(log)
    assert (event.learner, event.courses, event.cause) == ("u-1", ("algae", "moss"), "course")
    assert (event.command_id, event.batch_id) == ("c-9", "job-1")
    (stored,) = (await log.load({awards_stream(SCHOOL, "u-1"): 0})).popitem()[1]
    assert stored.originator_version == 1


async def test_b12_a_course_that_was_reset_before_has_to_be_completed_again(log: EventLog) -> None:
    appender = Appender(log)
    await publish(appender, program("algae", "moss"))
    stream = Stream(SCHOOL, "u-1", "algae")
    await completes(appender, "u-1", "algae")
    await appender.happened(course_reset(2, reopens=True), to=stream)
    await completes(appender, "u-1", "moss")
    await follow(log)
    assert await found(log) == []
    await completes(appender, "u-1", "algae")
    await follow(log)
    assert await whose(log) == [("u-1", "p-green")]


async def test_b12_a_reset_afterwards_reopens_nothing_however_late_it_is_looked_at(
    log: EventLog,
) -> None:
    """The part was away while the courses were completed, reset and completed again."""
    appender = Appender(log)
    await publish(appender, program("algae", "moss"))
    await completes(appender, "u-1", "algae", "moss", command_id="c-1")
    reset = activities_reset("a", reopens=True)
    await appender.happened(reset, to=Stream(SCHOOL, "u-1", "moss"))
    await follow(log)
    await completes(appender, "u-1", "moss", command_id="c-2")
    await follow(log)
    assert [it.command_id for it in await found(log)] == ["c-1"]


async def test_b12_a_new_version_awards_who_has_nothing_left_and_takes_nothing_back(
    log: EventLog,
) -> None:
    appender = Appender(log)
    await publish(appender, program("algae", "moss"))
    await completes(appender, "u-1", "algae", "moss")
    await completes(appender, "u-2", "algae")
    await completes(appender, "u-3", "moss")
    await follow(log)
    await publish(appender, program("algae", version=2), program("moss", "ferns", version=3))
    await follow(log, streams=1)
    assert [(it.learner, it.program_version, it.cause) for it in await found(log)] == [
        ("u-1", 1, "course"),
        ("u-2", 2, "program_change"),
    ]


async def test_b12_b7_a_course_that_an_undo_leaves_complete_again_completes_the_programme(
    log: EventLog,
) -> None:
    """The last other course was completed meanwhile: the award carries that one, and comes once."""
    appender, algae = Appender(log), Stream(SCHOOL, "u-1", "algae")
    await publish(appender, program("algae", "moss"))
    await completes(appender, "u-1", "algae", command_id="c-1")
    await appender.happened(course_reset(2, reopens=True), to=algae)
    await completes(appender, "u-1", "moss", command_id="c-2")
    await follow(log)
    assert await found(log) == []
    await appender.happened(reset_revoked(2, complete=True, completions=1), to=algae)
    await follow(log)
    await appender.happened(reset_revoked(2, complete=True, completions=1), to=algae)
    await follow(log)
    assert [(it.command_id, it.cause) for it in await found(log)] == [("c-2", "course")]


async def test_b12_b7_of_a_version_that_came_after_all_courses_the_version_is_the_cause(
    log: EventLog,
) -> None:
    """As it would have been, had the course never been reset."""
    appender, algae = Appender(log), Stream(SCHOOL, "u-1", "algae")
    await completes(appender, "u-1", "algae", "moss")
    await appender.happened(course_reset(2, reopens=True), to=algae)
    await publish(appender, program("algae", "moss"), program("ferns", program="p-ferns"))
    await follow(log)
    assert await found(log) == []
    await appender.happened(reset_revoked(2, complete=True, completions=1), to=algae)
    await follow(log)
    assert [(it.program, it.cause) for it in await found(log)] == [("p-green", "program_change")]


async def test_b12_b7_what_was_awarded_stays_whatever_is_undone(log: EventLog) -> None:
    """And is not awarded anew when the course is completed once more."""
    appender, algae = Appender(log), Stream(SCHOOL, "u-1", "algae")
    await publish(appender, program("algae"))
    await completes(appender, "u-1", "algae", command_id="c-1")
    await follow(log)
    await appender.happened(reset_revoked(1, complete=False, completions=0), to=algae)
    await follow(log)
    await completes(appender, "u-1", "algae", command_id="c-2")
    await follow(log)
    assert [it.command_id for it in await found(log)] == ["c-1"]


async def test_b12_a_course_may_come_later_than_its_programme(log: EventLog) -> None:
    appender = Appender(log)
    await publish(appender, program("not-there-yet"))
    await follow(log)
    await completes(appender, "u-1", "not-there-yet")
    await follow(log)
    assert await whose(log) == [("u-1", "p-green")]


async def test_a3_schools_do_not_mix(log: EventLog) -> None:
    """Two schools with a programme, a course and a learner of the same ids."""
    appender = Appender(log)
    await publish(appender, program("algae", "moss"), program("algae", school="hill"))
    for school, courses in ((SCHOOL, ["algae"]), ("hill", ["algae", "moss"])):
        for course in courses:
            stream = Stream(school, "u-1", course)
            await appender.happened(course_completed("earned"), to=stream)
    await follow(log)
    assert [(it.school, it.courses) for it in await found(log)] == [("hill", ("algae",))]


async def test_a_programme_with_the_id_of_a_course_is_no_learner_of_it(log: EventLog) -> None:
    appender = Appender(log)
    await completes(appender, "u-1", "algae")
    await publish(appender, program("algae", program="algae"), program("algae", program="moss"))
    await follow(log)
    assert await whose(log) == [("u-1", "algae"), ("u-1", "moss")]


async def test_a_large_school_is_looked_at_some_learners_at_a_time(log: EventLog) -> None:
    appender = Appender(log)
    for n in range(25):
        await completes(appender, f"u-{n:02}", "algae", "moss")
    await publish(appender, program("algae", "moss"))
    await follow(log, streams=7)
    assert sorted(await whose(log)) == [(f"u-{n:02}", "p-green") for n in range(25)]


async def test_what_it_does_not_follow_is_passed_and_nothing_behind_it_is_missed(
    log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runtime.following.FAR", 3)
    appender, part, cursor = Appender(log), following(log), Cursor(log.pool, NAME)
    stream = Stream(SCHOOL, "u-1", "algae")
    await appender.happened(enrolled(), to=stream)
    assert (await part.step(), await cursor.read()) == (0, ORIGIN)
    await appender.happened(*[course_reset(2)] * 4, to=stream)
    assert (await part.step(), await cursor.read()) == (0, await log.head())
    await publish(appender, program("algae"))
    await completes(appender, "u-1", "algae")
    assert [await part.step() for _ in range(2)] == [2, 0]
    assert await whose(log) == [("u-1", "p-green")]
