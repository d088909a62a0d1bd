"""What learners were told of recertification, in the views (B12, B10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.topics import Stream, recertification_stream
from services.store.people import streams_of_learner
from tests.support.appended import MINE
from tests.support.happened import course_completed, enrolled
from tests.support.recertifying import announced
from tests.support.school import COURSE, LEARNER, SCHOOL, day

if TYPE_CHECKING:
    from services.store.log import EventLog
    from tests.support.views import ViewSpec

TOLD = recertification_stream(SCHOOL, LEARNER)


async def test_b12_the_events_log_tells_of_a_warning_in_its_course_and_of_its_learner(
    view: ViewSpec,
) -> None:
    await view.given(enrolled(), course_completed("earned"))
    await view.given(enrolled(), to=Stream(SCHOOL, LEARNER, "moss"))
    await view.logged((TOLD, announced(command_id="c-9")))
    entry, *others = await view.events_log.entries(SCHOOL, LEARNER, COURSE)
    assert (entry.type, entry.due_course, entry.due_at, entry.schedule) == (
        "coursemark.progress.recertification_announced.v1",
        COURSE,
        day(31),
        "yearly",
    )
    assert (entry.attempt, entry.command_id, entry.source) == (2, "c-9", "rule")
    assert (entry.activities, entry.provenance, entry.manually, entry.actor) == (
        *(None, None, False, None),
    )
    assert [(it.version, it.due_course, it.due_at, it.schedule) for it in others] == [
        (2, None, None, None),
        (1, None, None, None),
    ]
    assert len(await view.events_log.entries(SCHOOL, LEARNER)) == 4
    assert [it.due_course for it in await view.events_log.entries(SCHOOL, LEARNER, "moss")] == [
        None
    ]
    assert (await view.events_log.entries_of_school(SCHOOL))[0] == entry


async def test_b12_a_warning_changes_no_record_and_is_no_course(
    view: ViewSpec, log: EventLog
) -> None:
    """Nor is it one on a card of the past."""
    await view.given(enrolled(), course_completed("earned"))
    before = await view.course()
    await view.logged((TOLD, announced()))
    assert await view.progress.course_rows(SCHOOL, LEARNER) == [before]
    assert await streams_of_learner(log.pool, SCHOOL, LEARNER) == [str(MINE)]
    assert await log.streams(SCHOOL, COURSE) == [str(MINE)]
