"""R1, R2, R4 and R5: an administrator resets activities or the whole course."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.events import ProgressReset
from services.domain.state import UNTOUCHED
from services.domain.summary import summarise
from tests.support.happened import (
    Draft,
    activities_reset,
    claimed,
    course_completed,
    course_reset,
    draft,
    earned,
    enrolled,
    joined,
    marked,
    spent,
    submitted,
    unenrolled,
    visited,
)
from tests.support.school import activity, course, day, reset, within
from tests.support.spec import given

if TYPE_CHECKING:
    from contracts.fields import Source

INTRO, QUIZ = activity("intro"), activity("quiz", "exam", passed=50)
EXTRA = activity("extra", required=False)
COURSE = course(INTRO, EXTRA, QUIZ)
COMPLETED = (
    enrolled(),
    *(visited("intro"), spent("intro", 300), earned("intro")),
    *(submitted("quiz", 60, passed=True), spent("quiz", 60), earned("quiz", "exam", 60)),
    course_completed("earned", average=60),
    marked("extra"),
)


@pytest.mark.parametrize("source", ["console", "api"])
def test_r1_activities_or_the_whole_course_by_console_and_api(source: Source) -> None:
    done = given(*COMPLETED)
    done.when(reset("quiz", "extra", source=source), within(COURSE)).then(
        activities_reset("quiz", "extra", reopens=True)
    )
    done.when(reset(source=source), within(COURSE)).then(course_reset(2, reopens=True))


def test_r2_what_is_reset_starts_again_from_nothing_and_the_rest_stays() -> None:
    before = given(*COMPLETED)
    after = before.when(reset("quiz"), within(COURSE)).then(activities_reset("quiz", reopens=True))
    assert after.state.of("quiz") == UNTOUCHED
    assert after.state.of("intro") == before.state.of("intro")
    now = summarise(after.state, COURSE)
    assert now == ("not_completed", 50.0, 1, 2, None, 300)


def test_r2_an_optional_activity_leaves_a_completed_course_complete() -> None:
    after = given(*COMPLETED).when(reset("extra"), within(COURSE)).then(activities_reset("extra"))
    assert after.state.of("extra") == UNTOUCHED
    assert summarise(after.state, COURSE).status == "completed"


def test_r2_what_the_latest_structure_requires_decides_whether_the_course_is_open_again() -> None:
    turned = course(activity("intro", required=False), activity("extra"), QUIZ, version=2)
    done = given(*COMPLETED)
    done.when(reset("intro"), within(turned)).then(activities_reset("intro"))
    done.when(reset("extra"), within(turned)).then(activities_reset("extra", reopens=True))


def test_r2_a_course_that_was_not_complete_is_not_opened_again() -> None:
    given(enrolled(), earned("intro")).when(reset("intro"), within(COURSE)).then(
        activities_reset("intro")
    )
    given(enrolled(), earned("intro")).when(reset(), within(COURSE)).then(course_reset(2))


def test_r2_what_an_activity_of_an_older_structure_holds_can_be_reset() -> None:
    without = course(INTRO, QUIZ, version=2)
    after = given(*COMPLETED).when(reset("extra"), within(without)).then(activities_reset("extra"))
    assert not after.state.is_complete("extra")


def test_r4_a_reset_of_the_whole_course_opens_the_next_attempt() -> None:
    after = given(*COMPLETED).when(reset(), within(COURSE)).then(course_reset(2, reopens=True))
    assert (after.state.attempt, after.state.enrolled) == (2, True)
    assert after.state.enrolled_at == given(*COMPLETED).state.enrolled_at
    assert summarise(after.state, COURSE) == ("not_started", 0.0, 0, 2, None, 0)
    third = given(enrolled(), visited("intro"), course_reset(2), visited("quiz"))
    third.when(reset(), within(COURSE)).then(course_reset(3))


def test_r4_a_reset_of_activities_opens_no_attempt() -> None:
    after = given(*COMPLETED).when(reset("intro", "extra", "quiz"), within(COURSE))
    every = after.then(activities_reset("intro", "extra", "quiz", reopens=True))
    assert (every.state.attempt, every.state.activities) == (1, {})


@pytest.mark.parametrize(
    "recorded",
    [
        visited("quiz"),
        joined("quiz"),
        claimed("quiz"),
        spent("quiz", 1),
        submitted("quiz"),
        marked("quiz"),
    ],
    ids=lambda draft: draft.model.__name__,
)
def test_r5_a_completion_score_submission_visit_or_time_is_something_to_reset(
    recorded: Draft,
) -> None:
    given(enrolled(), recorded).when(reset("quiz"), within(COURSE)).then(activities_reset("quiz"))
    given(enrolled(), recorded).when(reset(), within(COURSE)).then(course_reset(2))


@pytest.mark.parametrize(
    "nothing",
    [(), (visited("intro"), activities_reset("intro")), (visited("intro"), course_reset(2))],
)
def test_r5_with_nothing_to_reset_in_this_attempt_the_command_is_rejected(
    nothing: tuple[Draft, ...],
) -> None:
    untouched = given(enrolled(), *nothing)
    for command in (reset(), reset("intro"), reset("intro", "quiz")):
        untouched.when(command, within(COURSE)).then_refused(
            "nothing_to_reset",
            f"submission, visit or time there in attempt {untouched.state.attempt}; there is",
        )


def test_r5_what_has_nothing_to_reset_is_reported_and_the_others_are_reset() -> None:
    given(enrolled(), visited("intro")).when(reset("gone", "quiz", "intro"), within(COURSE)).then(
        activities_reset("intro"),
        skipped={"gone": "unknown_activity", "quiz": "nothing_to_reset"},
    )


def test_r5_with_nothing_to_reset_and_one_unknown_the_answer_says_so_of_each() -> None:
    given(enrolled()).when(reset("quiz", "gone"), within(COURSE)).then_refused(
        "unknown_activity",
        "biology-1 has no activity gone",
        skipped=[
            {"activity": "quiz", "code": "nothing_to_reset"},
            {"activity": "gone", "code": "unknown_activity"},
        ],
    )


def test_r5_a_completion_of_the_course_alone_is_something_to_reset() -> None:
    """All that was recorded in it was reset after the structure had dropped it."""
    bare = given(enrolled(), earned("old"), course_completed("earned"), activities_reset("old"))
    bare.when(reset(), within(COURSE)).then(course_reset(2, reopens=True))


def test_r6_resetting_needs_an_enrolment() -> None:
    given(*COMPLETED, unenrolled()).when(reset(), within(COURSE)).then_refused(
        "not_enrolled", "u-1204 is not enrolled in biology-1; enrol the learner first"
    )


@pytest.mark.parametrize(("opens", "attempt"), [(3, 3), (None, 2)])
def test_r4_an_event_without_activities_opens_the_attempt_it_names_or_the_next(
    opens: int | None, attempt: int
) -> None:
    told = draft(ProgressReset, opens_attempt=opens, reopens_course=False)
    state = given(enrolled(), visited("intro"), told).state
    assert (state.attempt, state.activities) == (attempt, {})


def test_b12_whoever_completed_the_course_anew_since_is_left_alone() -> None:
    """A recertification resets the completion that was found, and no younger one."""
    done = given(enrolled(), course_completed("manual", on=3))
    done.when(reset(completed_until=day(3)), within(COURSE)).then(course_reset(2, reopens=True))
    young = done.when(reset(completed_until=day(2.9)), within(COURSE))
    young.then_refused("nothing_to_reset", "2024-05-03 21:36")
    open_ = given(enrolled(), visited("intro"))
    open_.when(reset("intro", completed_until=day(9)), within(COURSE)).then_refused(
        "nothing_to_reset", "no completion of biology-1"
    )
