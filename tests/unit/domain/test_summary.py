"""B9 and M13: the figures of a learner are worked out from the latest structure, 0 to 100."""

from __future__ import annotations

import pytest

from services.domain.summary import summarise
from tests.support.happened import (
    course_completed,
    earned,
    enrolled,
    marked,
    spent,
    submitted,
    unenrolled,
    visited,
)
from tests.support.school import activity, course
from tests.support.spec import given

A, B, C = activity("a"), activity("b"), activity("c")
EXTRA = activity("extra", required=False)


def test_nothing_recorded_is_not_started() -> None:
    for events in ((), (enrolled(),), (enrolled(), unenrolled())):
        summary = summarise(given(*events).state, course(A, B))
        assert summary == ("not_started", 0.0, 0, 2, None, 0)


def test_anything_recorded_is_not_completed() -> None:
    summary = summarise(given(enrolled(), visited("a")).state, course(A, B))
    assert summary == ("not_completed", 0.0, 0, 2, None, 0)


@pytest.mark.parametrize(("done", "rate"), [("a", 33.33), ("ab", 66.67), ("abc", 100.0)])
def test_the_rate_is_that_of_the_required_activities_to_two_decimals(
    done: str, rate: float
) -> None:
    state = given(enrolled(), *map(earned, done), marked("extra")).state
    assert summarise(state, course(EXTRA, A, B, C)).progress_rate == rate


def test_b9_a_rate_is_between_0_and_100_whatever_is_edited() -> None:
    state = given(enrolled(), *map(earned, "abc"), marked("gone")).state
    for there, rate in (
        (course(A, B, C), 100),
        (course(A), 100),
        (course(A, activity("b", required=False)), 100),
        (course(A, activity("new")), 50),
        (course(activity("new")), 0),
    ):
        assert summarise(state, there).progress_rate == rate


def test_the_status_is_the_events_word_and_not_the_rates() -> None:
    """M12, M14: a course is complete when that was recorded."""
    state = given(enrolled(), earned("a")).state
    assert summarise(state, course(A)).status == "not_completed"
    state = given(enrolled(), earned("a"), course_completed("earned")).state
    assert summarise(state, course(A, B)).status == "completed"


def test_the_average_is_over_the_activities_of_the_structure_that_have_a_score() -> None:
    state = given(
        enrolled(), submitted("a", 0), submitted("b", 75.25), submitted("gone", 3), visited("c")
    ).state
    assert summarise(state, course(A, B, C)).average_score == 37.62
    assert summarise(state, course(C)).average_score is None


def test_the_time_is_all_that_was_spent_in_the_attempt() -> None:
    state = given(enrolled(), spent("a", 60), spent("gone", 5), spent("a", 1)).state
    assert summarise(state, course(A, B)).time_spent == 66
