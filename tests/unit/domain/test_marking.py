"""M1, M4 and M6 to M10: an administrator marks activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.domain.access import locked
from tests.support.happened import (
    activities_reset,
    course_completed,
    earned,
    enrolled,
    imported,
    marked,
    spent,
    submitted,
    visited,
)
from tests.support.school import activity, course, day, mark, spend, unruled, visit, within
from tests.support.spec import given

if TYPE_CHECKING:
    from contracts.fields import Source

INTRO, MORE, LAST = activity("intro"), activity("more"), activity("last")
COURSE = course(INTRO, MORE, LAST)
GRADED = ("form", "exam", "certificate")


def test_m1_one_activity_several_or_the_whole_course() -> None:
    given(enrolled()).when(mark("more"), within(COURSE)).then(marked("more"))
    given(enrolled()).when(mark("more", "intro"), within(COURSE)).then(
        marked("more"), marked("intro")
    )
    given(enrolled()).when(mark(), within(COURSE)).then(
        marked("intro"), marked("more"), marked("last"), course_completed("manual")
    )


@pytest.mark.parametrize("source", ["api", "console", "kafka", "import"])
def test_m4_it_can_be_done_from_everywhere(source: Source) -> None:
    given(enrolled()).when(mark("intro", source=source), within(COURSE)).then(marked("intro"))


def test_m6_the_label_stands_on_the_activity_and_on_the_course() -> None:
    after = (
        given(enrolled())
        .when(mark(), within(COURSE))
        .then(marked("intro"), marked("more"), marked("last"), course_completed("manual"))
    )
    completions = [after.state.of(id_).completion for id_ in COURSE.activities]
    for completion in (*completions, after.state.completion):
        assert completion is not None
        assert completion.manually


def test_m6_a_course_whose_last_open_activity_was_marked_is_labelled_too() -> None:
    given(enrolled(), earned("intro"), earned("more")).when(mark("last"), within(COURSE)).then(
        marked("last"), course_completed("manual")
    )


def test_m6_what_the_learner_or_an_import_completed_is_not_labelled() -> None:
    so_far = given(enrolled(), earned("intro"), imported("more")).state
    labels = [
        completion.manually
        for id_ in ("intro", "more")
        if (completion := so_far.of(id_).completion)
    ]
    assert labels == [False, False]


@pytest.mark.parametrize("type_", GRADED)
def test_m7_forms_exams_and_certificates_are_graded_100(type_: str) -> None:
    there = within(course(unruled("quiz", type_), INTRO))
    given(enrolled()).when(mark("quiz"), there).then(marked("quiz", type_, score=100))
    given(enrolled(), submitted("quiz", 30)).when(mark("quiz"), there).then(
        marked("quiz", type_, score=100)
    )


@pytest.mark.parametrize("type_", ["video", "scorm", "live_session", "Form", "ein Spiel"])
def test_m7_no_other_type_is_graded(type_: str) -> None:
    there = within(course(unruled("thing", type_), INTRO))
    given(enrolled()).when(mark("thing"), there).then(marked("thing", type_))
    given(enrolled(), submitted("thing", 30)).when(mark("thing"), there).then(
        marked("thing", type_, score=30)
    )


def test_m7_what_the_learner_completed_keeps_its_score() -> None:
    quiz = activity("quiz", "exam", passed=50)
    before = given(enrolled(), submitted("quiz", 70, passed=True), earned("quiz", "exam", 70))
    after = before.when(mark(), within(course(quiz, INTRO))).then(
        marked("intro"), course_completed("manual", average=70)
    )
    assert after.state.of("quiz").score == 70


def test_m8_what_is_complete_is_reported_and_the_others_are_marked() -> None:
    given(enrolled(), earned("more")).when(mark("intro", "more"), within(COURSE)).then(
        marked("intro"), skipped={"more": "already_complete"}
    )


def test_m8_what_the_course_does_not_have_is_reported_and_the_others_are_marked() -> None:
    given(enrolled(), imported("more")).when(mark("gone", "more", "intro"), within(COURSE)).then(
        marked("intro"), skipped={"gone": "unknown_activity", "more": "already_complete"}
    )


def test_m8_with_nothing_left_to_mark_the_command_is_rejected() -> None:
    done = given(enrolled(), earned("intro"), marked("more"))
    done.when(mark("intro", "more"), within(COURSE)).then_refused(
        "already_complete", "Reset it first if it must be done again"
    )


def test_m8_with_nothing_left_and_one_unknown_the_answer_says_so_of_each() -> None:
    given(enrolled(), earned("intro")).when(mark("gone", "intro"), within(COURSE)).then_refused(
        "unknown_activity",
        "biology-1 has no activity gone; name activities of its latest structure",
        skipped=[
            {"activity": "gone", "code": "unknown_activity"},
            {"activity": "intro", "code": "already_complete"},
        ],
    )


def test_m8_what_was_reset_can_be_marked_again() -> None:
    given(enrolled(), earned("intro"), activities_reset("intro")).when(
        mark("intro"), within(COURSE)
    ).then(marked("intro"))


def test_m9_marking_changes_no_time_and_passes_over_min_time() -> None:
    there = within(course(activity("film", min_time=600), INTRO))
    after = (
        given(enrolled(), spent("film", 59))
        .when(mark("film"), there)
        .then(marked("film"))
        .when(spend("film", 1), there)
        .then(spent("film", 1))
    )
    assert after.state.of("film").time_spent == 60


def test_m10_a_locked_activity_can_be_marked_and_stays_locked() -> None:
    in_order = course(INTRO, MORE, LAST, access="sequential")
    after = (
        given(enrolled())
        .when(mark("more"), within(in_order))
        .then(marked("more"))
        .when(visit("more"), within(in_order))
        .then_refused("activity_locked", "more is locked", access="sequential")
    )
    assert locked(in_order, after.state, day(30)) == ["more", "last"]


def test_m10_a_marked_activity_counts_as_complete_for_those_after_it() -> None:
    in_order = course(INTRO, MORE, LAST, access="sequential")
    (
        given(enrolled())
        .when(mark("more"), within(in_order))
        .then(marked("more"))
        .when(visit("intro"), within(in_order))
        .then(visited("intro"), earned("intro"))
        .when(visit("last"), within(in_order))
        .then(visited("last"), earned("last"), course_completed("earned"))
    )
