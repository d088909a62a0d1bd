"""B9: a structure change completes a course that it leaves with nothing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.happened import (
    Draft,
    course_completed,
    course_reset,
    earned,
    enrolled,
    imported,
    joined,
    marked,
    spent,
    submitted,
    unenrolled,
    visited,
)
from tests.support.school import (
    activity,
    course,
    day,
    enroll,
    evaluate,
    import_,
    mark,
    submit,
    unruled,
    visit,
    within,
)
from tests.support.spec import given

if TYPE_CHECKING:
    from contracts.commands import Command
    from services.domain.course import Course

INTRO, LAST = activity("intro"), activity("last")
EXTRA = activity("extra", required=False)
BEFORE = course(INTRO, LAST, EXTRA)
DROPPED = course(INTRO, EXTRA, version=2, published=20)
OPTIONAL = course(INTRO, activity("last", required=False), EXTRA, version=2, published=20)
HALF = (enrolled(), earned("intro", on=5))


@pytest.mark.parametrize("change", [DROPPED, OPTIONAL])
def test_b9_the_last_open_activity_goes_and_the_course_completes(change: Course) -> None:
    given(*HALF).when(evaluate(), within(change)).then(
        course_completed("earned", "structure_change", on=20)
    )


def test_b9_it_was_achieved_when_its_last_activity_was_if_that_was_later() -> None:
    given(enrolled(), earned("intro", on=25)).when(evaluate(), within(DROPPED)).then(
        course_completed("earned", "structure_change", on=25)
    )


@pytest.mark.parametrize(
    ("one", "other", "provenance"),
    [
        (earned("intro", on=5), marked("more", on=6), "manual"),
        (earned("intro", on=5), marked("more", on=4), "earned"),
        (earned("intro", on=5), imported("more", on=5), "imported"),
        (marked("more", on=5), imported("intro", on=5), "manual"),
    ],
)
def test_b9_its_provenance_is_that_of_the_activity_achieved_last(
    one: Draft, other: Draft, provenance: str
) -> None:
    """At one instant the later in the course is the last."""
    change = course(INTRO, activity("more"), version=2, published=20)
    given(enrolled(), one, other).when(evaluate(), within(change)).then(
        course_completed(provenance, "structure_change", on=20)  # type: ignore[arg-type]
    )


def test_b9_where_something_required_is_open_nothing_happens() -> None:
    given(*HALF).when(evaluate(), within(BEFORE)).then()
    given(enrolled()).when(evaluate(), within(DROPPED)).then()


def test_b9_once_is_enough() -> None:
    done = given(*HALF, course_completed("earned", "structure_change", on=20))
    done.when(evaluate(), within(DROPPED)).then()


def test_b9_a_learner_who_was_unenrolled_meanwhile_gets_it_on_enrolling_again() -> None:
    away = given(*HALF, unenrolled())
    away.when(evaluate(), within(DROPPED)).then_refused("not_enrolled", "enrol the learner first")
    away.when(enroll(), within(DROPPED)).then(
        enrolled(), course_completed("earned", "structure_change", on=20)
    )


@pytest.mark.parametrize(
    ("first", "events"),
    [
        (visit("intro"), []),
        (visit("extra"), [visited("extra"), earned("extra")]),
    ],
)
def test_b9_a_signal_that_comes_before_the_evaluation_changes_nothing_in_it(
    first: Command, events: list[Draft]
) -> None:
    """The course completes with the structure change as its cause, not with the signal."""
    given(*HALF, visited("intro")).when(first, within(DROPPED)).then(
        *events, course_completed("earned", "structure_change", on=20)
    )


@pytest.mark.parametrize(
    ("first", "event", "provenance"),
    [
        (mark("extra", email=True), marked("extra"), "manual"),
        (import_("extra", email=True), imported("extra"), "imported"),
    ],
)
def test_m6_an_administrator_who_comes_before_it_completes_the_course(
    first: Command, event: Draft, provenance: str
) -> None:
    given(*HALF).when(first, within(DROPPED)).then(
        event,
        course_completed(provenance, "administrator", email=True),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("recorded", "harder", "easier", "score"),
    [
        (submitted("quiz", 60), {"passed": 80}, {"passed": 60}, 60),
        (spent("quiz", 60), {"min_time": 90}, {"min_time": 60}, None),
        (joined("quiz"), {"joined": True, "claimed": True}, {"joined": True}, None),
    ],
)
def test_b9_an_activity_whose_rules_became_easier_is_complete_and_so_may_be_the_course(
    recorded: Draft, harder: dict[str, Any], easier: dict[str, Any], score: float | None
) -> None:
    so_far = given(enrolled(), marked("intro", on=5), recorded)
    so_far.when(evaluate(), within(course(INTRO, activity("quiz", "exam", **harder)))).then()
    change = course(INTRO, activity("quiz", "exam", **easier), version=2, published=20)
    so_far.when(evaluate(), within(change)).then(
        earned("quiz", "exam", score, on=20),
        course_completed("earned", "structure_change", average=score, on=20),
    )


def test_b9_easier_rules_complete_an_activity_though_the_course_stays_open() -> None:
    change = course(activity("a"), unruled("b"), activity("c"), version=2, published=20)
    given(enrolled(), visited("c"), visited("a"), visited("b"), visited("gone")).when(
        evaluate(), within(change)
    ).then(earned("a", on=20), earned("c", on=20))


def test_b9_what_an_administrator_completed_is_not_completed_again_by_easier_rules() -> None:
    given(enrolled(), marked("intro"), visited("intro")).when(evaluate(), within(BEFORE)).then()


def test_b9_what_was_recorded_before_a_reset_is_of_no_account() -> None:
    given(enrolled(), visited("intro"), course_reset(2)).when(evaluate(), within(BEFORE)).then()


def test_b9_a_signal_is_judged_by_the_latest_rules() -> None:
    change = within(course(INTRO, activity("quiz", "exam", passed=60), version=2, published=20))
    given(enrolled(), submitted("quiz", 70)).when(
        submit("quiz", 10, effective_at=day(25)), change
    ).then(submitted("quiz", 10, passed=False), earned("quiz", "exam", 70))
