"""R3: insights count what ever was, each learner once, each score; every case three ways (B10).

B7: what was undone never was.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.insights import INSIGHTS
from tests.support import plain_reports
from tests.support.appended import MINE
from tests.support.counting import Counting, three_ways
from tests.support.decided import Log, logs, undone
from tests.support.happened import (
    activities_reset,
    course_completed,
    course_reset,
    earned,
    enrolled,
    marked,
    spent,
    submitted,
    unenrolled,
    visited,
)
from tests.support.school import activity, course, day
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from projections.insights.state import Insight
    from tests.support.happened import Draft

KEYS = {"learners": 3, "activities": 4}
COURSE = course(activity("a", "form", passed=70), activity("b", min_time=600))
NAMES = ("funnel", "activity_funnel", "scores", "days")


def happened(*drafts: Draft, **common: Any) -> Log:
    return [(MINE, each.completed(BEFORE | {"attempt": 1} | common)) for each in drafts]


def counted(log: Log) -> Counting[Insight]:
    return three_ways(INSIGHTS, KEYS, log, cut=3)


def totals(log: Log, name: str) -> dict[tuple[Any, ...], int]:
    """Without school and course, and without what is nothing."""
    found = counted(log).totals[name]
    return {tuple(key[2:]): number for key, number in found.items() if number}


def test_a_learner_counts_once_however_many_attempts() -> None:
    once = happened(enrolled(), visited("a"), earned("a"), course_completed("earned"))
    again = once + happened(course_reset(2)) + once[1:] + happened(unenrolled(), enrolled())
    assert totals(once, "funnel") == totals(again, "funnel")
    assert totals(again, "funnel") == {("enrolled",): 1, ("started",): 1, ("completed",): 1}
    assert totals(again, "activity_funnel") == {("a", "started"): 1, ("a", "completed"): 1}


def test_r3_a_reset_takes_nobody_out_of_the_funnel() -> None:
    before = happened(enrolled(), visited("b"), earned("a"), course_completed("earned"))
    after = before + happened(activities_reset("a", reopens=True), course_reset(2))
    for name in ("funnel", "activity_funnel", "scores", "days"):
        assert totals(before, name) == totals(after, name)
    assert totals(after, "activity_funnel")["b", "started"] == 1


def test_who_is_enrolled_has_not_started() -> None:
    assert totals(happened(enrolled()), "funnel") == {("enrolled",): 1}


def test_days_go_from_the_beginning_of_the_attempt_to_its_first_completion() -> None:
    """From the enrolment, then from the reset; a second completion of one attempt is no other."""
    log = happened(enrolled(on=1), course_completed("earned", on=9.9))
    log += happened(activities_reset("a", reopens=True), course_completed("earned", on=30))
    log += happened(course_reset(2), effective_at=day(40))
    log += happened(course_completed("manual", on=43))
    assert totals(log, "days") == {(8, "attempts"): 1, (3, "attempts"): 1}


def test_b4_what_was_achieved_before_the_enrolment_took_no_days() -> None:
    log = happened(enrolled(on=20), course_completed("imported", on=2))
    assert totals(log, "days") == {(0, "attempts"): 1}


def test_r6_enrolling_again_begins_no_attempt() -> None:
    log = happened(enrolled(on=1), unenrolled(), enrolled(on=9), course_completed("earned", on=11))
    assert totals(log, "days") == {(10, "attempts"): 1}


def test_scores_are_added_up_exactly_and_100_is_in_the_last_bucket() -> None:
    """Added as floats, 0.1 and 0.2 would be 0.30000000000000004."""
    log = happened(submitted("a", 0.1), submitted("a", 0.2), submitted("a", 4.999999))
    log += happened(
        submitted("a", 5.0), submitted("a", 95.0), submitted("a", 100.0), submitted("a")
    )
    assert totals(log, "scores") == {
        ("submission", "a", "", 0, "number"): 3,
        ("submission", "a", "", 0, "millionths"): 5_299_999,
        ("submission", "a", "", 5, "number"): 1,
        ("submission", "a", "", 5, "millionths"): 5_000_000,
        ("submission", "a", "", 95, "number"): 2,
        ("submission", "a", "", 95, "millionths"): 195_000_000,
    }


def test_m7_a_score_given_by_a_mark_can_be_told_from_one_that_was_earned() -> None:
    log = happened(earned("a", "form", 61.0), marked("b", "form", 100.0))
    log += happened(course_completed("manual", average=80.5))
    assert {key[:3] for key in totals(log, "scores")} == {
        ("activity", "a", "earned"),
        ("activity", "b", "manual"),
        ("course", "", "manual"),
    }


def test_b7_insights_stand_after_an_undo_as_before_the_mark() -> None:
    """Funnel, scores and days; what the learner did besides goes on counting."""
    before = happened(enrolled(on=1), visited("b"), submitted("a", 61.0))
    marks = happened(
        marked("a", "form", 100.0),
        marked("b"),
        course_completed("manual", average=100.0, on=9),
        command_id="m",
    )
    during = before + marks
    after = undone(during, "m", COURSE)
    for name in NAMES:
        assert totals(after, name) == totals(before, name) != totals(during, name)
    later = after + happened(visited("a"), marked("b"), course_completed("manual", on=12))
    assert totals(later, "days") == {(11, "attempts"): 1}
    assert totals(later, "activity_funnel")["b", "completed"] == 1


def test_b7_an_undone_reset_takes_the_attempt_that_it_opened_with_it() -> None:
    """Its days, its scores, its activities; the first attempt goes on counting, once."""
    first = happened(enrolled(on=1), earned("a", "form", 61.0), course_completed("earned", on=4))
    second = happened(course_reset(2, reopens=True), command_id="r", effective_at=day(10))
    second += happened(
        marked("a", "form", 100.0),
        visited("b"),
        course_completed("manual", average=100.0, on=13),
        attempt=2,
        command_id="m",
    )
    assert totals(first + second, "days") == {(3, "attempts"): 2}
    after = undone(first + second, "r", COURSE)
    for name in NAMES:
        assert totals(after, name) == totals(first, name)
    again = after + happened(activities_reset("a", reopens=True), course_completed("earned", on=20))
    assert totals(again, "days") == {(3, "attempts"): 1}


def test_b7_an_undone_second_completion_of_an_attempt_leaves_the_days_of_the_first() -> None:
    """Only the first was counted."""
    log = happened(enrolled(on=1), earned("b"), course_completed("earned", on=4))
    log += happened(activities_reset("b", reopens=True))
    before = totals(log, "days")
    log += happened(marked("b"), course_completed("manual", on=9), command_id="m")
    assert totals(undone(log, "m", COURSE), "days") == before == {(3, "attempts"): 1}


def test_b7_who_was_enrolled_by_mistake_never_was_in_the_course() -> None:
    """Whoever is enrolled again begins then."""
    enrolment = happened(enrolled(on=1), command_id="e")
    log = enrolment + happened(marked("a", "form", 100.0), spent("b", 60))
    log += happened(course_completed("manual", average=100.0, on=3))
    after = undone(log, "e", COURSE)
    assert [totals(after, name) for name in NAMES] == [{}, {}, {}, {}]
    anew = after + happened(enrolled(on=40), course_completed("earned", on=42))
    assert totals(anew, "days") == {(2, "attempts"): 1}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(log=logs(), cut=st.integers(1, 7))
def test_insights_are_what_a_look_at_the_whole_log_finds(log: Log, cut: int) -> None:
    found = three_ways(INSIGHTS, KEYS, log, cut).totals
    expected = plain_reports.insights(log)
    assert {name: +counts for name, counts in found.items()} == {
        name: +counts for name, counts in expected.items()
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(log=logs(undo=False), cut=st.integers(1, 30))
def test_r3_nothing_ever_shrinks(log: Log, cut: int) -> None:
    """However a history goes on without an undo, no figure of its beginning becomes less."""
    earlier, later = (three_ways(INSIGHTS, KEYS, part, cut) for part in (log[:cut], log))
    for name, counts in earlier.totals.items():
        assert counts - Counter(later.totals[name]) == Counter()
