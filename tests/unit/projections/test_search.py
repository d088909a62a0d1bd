"""R3, M6, M12: what a search looks at, from events to rows; every case three ways (B10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given

from projections.definition import Change
from projections.search import SEARCH
from projections.search.rows import MarksRow, RecordRow, writes
from projections.search.state import NEVER, Standing, fold
from services.domain.history import in_force
from tests.support.appended import MINE
from tests.support.counting import Counting, three_ways
from tests.support.decided import Log, logs
from tests.support.happened import (
    activities_reset,
    course_completed,
    course_reset,
    earned,
    enrolled,
    imported,
    joined,
    marked,
    spent,
    unenrolled,
    visited,
)
from tests.support.school import activity, course, day
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from tests.support.happened import Draft

KEYS = {"records": 5, "marks": 3}


def happened(*drafts: Draft, **common: Any) -> Log:
    return [(MINE, each.completed(BEFORE | {"attempt": 1} | common)) for each in drafts]


def counted(log: Log) -> Counting[Standing]:
    return three_ways(SEARCH, KEYS, log, cut=3)


def records(log: Log) -> list[RecordRow]:
    return sorted(RecordRow._make(row) for row in counted(log).rows["records"].values())


def record(log: Log) -> RecordRow:
    [found] = records(log)
    return found


def marks(log: Log) -> tuple[str, str]:
    [row] = counted(log).rows["marks"].values()
    return MarksRow._make(row)[3:]


def test_an_enrolment_alone_is_a_record_of_which_nothing_was_completed() -> None:
    found = record(happened(enrolled(on=3)))
    assert (found.enrolled, found.enrolled_at, found.status) == (True, day(3), "not_started")
    assert (found.completed_at, found.provenance, found.active_on) == (None, None, NEVER)


def test_r3_a_completion_that_was_reset_stays_and_the_status_is_that_of_now() -> None:
    done = happened(enrolled(on=0), marked("a"), course_completed("manual", on=4))
    found = record(done + happened(course_reset(2)))
    assert (found.status, found.attempt) == ("not_started", 2)
    assert (found.completed_attempt, found.completed_at, found.provenance) == (1, day(4), "manual")


def test_r3_a_reset_of_activities_that_opens_the_course_takes_no_completion_away() -> None:
    done = happened(enrolled(), earned("a"), earned("b"), course_completed("earned", on=4))
    found = record(done + happened(activities_reset("b", reopens=True)))
    assert (found.status, found.attempt, found.completed_at) == ("not_completed", 1, day(4))


def test_every_enrolment_stands_with_every_completion() -> None:
    log = happened(enrolled(on=1), course_completed("imported", on=2), unenrolled())
    log += happened(enrolled(on=5), activities_reset("a", reopens=True))
    log += happened(course_completed("earned", on=7))
    assert [(it.enrolled_at, it.completed_at, it.provenance) for it in records(log)] == [
        (day(1), day(2), "imported"),
        (day(1), day(7), "earned"),
        (day(5), day(2), "imported"),
        (day(5), day(7), "earned"),
    ]
    assert {(it.status, it.enrolled) for it in records(log)} == {("completed", True)}


def test_the_last_day_is_that_of_the_learners_own_events_by_when_they_happened() -> None:
    log = happened(enrolled(on=1))
    log += happened(visited("a"), effective_at=day(6.9)) + happened(joined("a"))
    assert record(log).active_on == day(6).date()
    log += happened(spent("a", 5), effective_at=day(2))
    assert record(log).active_on == day(6).date()
    others = happened(marked("b"), imported("c"), earned("d"), unenrolled(), effective_at=day(9))
    assert record(log + others).active_on == day(6).date()
    own = happened(enrolled(on=9), actor=MINE.learner)
    assert {it.active_on for it in records(log + others + own)} == {day(9).date()}


def test_marks_are_the_activities_of_the_current_attempt_in_order() -> None:
    log = happened(enrolled(), visited("b"), earned("c"), marked("a"), visited("a"))
    assert marks(log) == ("b", "a/c")
    assert marks(log + happened(activities_reset("c"))) == ("b", "a")
    assert marks(log + happened(course_reset(2))) == ("", "")


def test_b9_a_rate_is_worked_out_under_the_latest_structure_from_what_is_stored() -> None:
    """And a new structure writes the record alone."""
    log = counted(happened(enrolled(), earned("a"), visited("b")))
    rows = {name: list(found.values()) for name, found in log.rows.items()}
    assert SEARCH.restore is not None
    standing = SEARCH.restore(rows)[MINE]
    two = course(activity("a"), activity("b"))
    [write] = writes([Change(MINE, standing, standing, two)])
    [row] = map(RecordRow._make, write.rows)
    assert (write.statement, row.progress_rate, row.status) == (
        *("put_records", 50.0),
        "not_completed",
    )


@given(log=logs())
def test_whatever_the_rules_decide_a_restored_standing_goes_on_like_a_kept_one(log: Log) -> None:
    """B10, B7: three ways to one view; and nothing is lost but what was undone."""
    found = counted(log)
    for stream in {stream for stream, _ in log}:
        events = [it.event for it in in_force([event for of, event in log if of == stream])]
        rows = [RecordRow._make(it) for it in found.rows["records"].values() if it[:3] == stream]
        completed = [it.effective_at for it in events if type(it).__name__ == "CourseCompleted"]
        entered = [it.effective_at for it in events if type(it).__name__ == "LearnerEnrolled"]
        first = [it for it in sorted(rows) if it.enrolment == 1]
        assert [it.completed_at for it in first if it.completed_at] == completed
        sole = [it for it in sorted(rows) if it.completion == 1]
        assert [it.enrolled_at for it in sole if it.enrolled_at] == entered


def test_a_fold_of_nothing_new_is_the_standing_it_was() -> None:
    assert fold(Standing(active_on=day(1).date()), []).active_on == day(1).date()
