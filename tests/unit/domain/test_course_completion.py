"""M11, M12 and M14: a course completes by itself, once per attempt, and stays complete."""

from __future__ import annotations

from contracts.events import ActivityCompleted, CourseCompleted
from services.domain.summary import summarise
from tests.support.happened import (
    activities_reset,
    course_completed,
    course_reset,
    earned,
    enrolled,
    imported,
    marked,
    submitted,
    unenrolled,
    visited,
)
from tests.support.school import (
    activity,
    course,
    enroll,
    evaluate,
    import_,
    mark,
    reset,
    submit,
    visit,
    within,
)
from tests.support.spec import given

INTRO, LAST = activity("intro"), activity("last")
EXTRA = activity("extra", required=False)
COURSE = course(INTRO, EXTRA, LAST)
ONE_LEFT = (enrolled(), earned("intro"))


def test_m11_both_events_say_whether_an_administrator_did_it() -> None:
    for command, manually in (
        (mark("last"), True),
        (import_("last"), False),
        (visit("last"), False),
    ):
        spec = given(*ONE_LEFT)
        events = spec.when(command, within(COURSE)).events
        said = [
            (type(event), event.manually_completed)
            for event in events
            if isinstance(event, ActivityCompleted | CourseCompleted)
        ]
        assert said == [(ActivityCompleted, manually), (CourseCompleted, manually)]


def test_m12_the_provenance_is_that_of_what_completed_the_course() -> None:
    others = (enrolled(), marked("intro"))
    given(*others).when(visit("last"), within(COURSE)).then(
        visited("last"), earned("last"), course_completed("earned")
    )
    given(*others).when(import_("last"), within(COURSE)).then(
        imported("last"), course_completed("imported")
    )
    given(enrolled(), imported("intro")).when(mark("last"), within(COURSE)).then(
        marked("last"), course_completed("manual")
    )


def test_m12_what_is_optional_neither_completes_a_course_nor_holds_it_up() -> None:
    (
        given(*ONE_LEFT)
        .when(mark("extra"), within(COURSE))
        .then(marked("extra"))
        .when(mark("last"), within(COURSE))
        .then(marked("last"), course_completed("manual"))
    )
    given(*ONE_LEFT).when(mark("last"), within(COURSE)).then(
        marked("last"), course_completed("manual")
    )


def test_m12_a_course_completes_once() -> None:
    done = given(*ONE_LEFT, earned("last"), course_completed("earned"))
    (
        done.when(visit("extra"), within(COURSE))
        .then(visited("extra"), earned("extra"))
        .when(evaluate(), within(COURSE))
        .then()
    )


def test_m12_a_reset_of_something_required_lets_it_complete_once_more() -> None:
    (
        given(*ONE_LEFT, earned("last"), course_completed("earned"))
        .when(reset("last"), within(COURSE))
        .then(activities_reset("last", reopens=True))
        .when(mark("last"), within(COURSE))
        .then(marked("last"), course_completed("manual"))
    )


def test_m12_each_attempt_completes_on_its_own() -> None:
    (
        given(*ONE_LEFT, earned("last"), course_completed("earned"), course_reset(2))
        .when(visit("intro"), within(COURSE))
        .then(visited("intro"), earned("intro"))
        .when(mark("last"), within(COURSE))
        .then(marked("last"), course_completed("manual"))
    )


def test_m12_the_average_is_over_what_has_a_score_to_two_decimals() -> None:
    graded = course(
        activity("a", "form", submitted=True),
        activity("b", "exam", submitted=True),
        activity("c", "exam", submitted=True),
        INTRO,
    )
    (
        given(
            enrolled(),
            *(marked("a", "form", 100), earned("b", "exam", 50)),
            *(earned("intro"), submitted("gone", 0)),
        )
        .when(submit("c", 50.01), within(graded))
        .then(
            submitted("c", 50.01),
            earned("c", "exam", 50.01),
            course_completed("earned", average=66.67),
        )
    )


def test_m14_a_completed_course_stays_complete_whatever_is_added() -> None:
    grown = course(INTRO, EXTRA, LAST, activity("new"), activity("newer"), version=2, published=9)
    done = given(*ONE_LEFT, earned("last"), course_completed("earned"))
    after = done.when(evaluate(), within(grown)).then()
    now = summarise(after.state, grown)
    assert (now.status, now.completed_required, now.required) == ("completed", 2, 4)
    assert now.progress_rate == 50
    (
        after.when(mark(), within(grown))
        .then(marked("extra"), marked("new"), marked("newer"))
        .when(visit("new"), within(grown))
        .then(visited("new"))
    )


def test_m14_unenrolling_and_enrolling_again_leaves_it_complete() -> None:
    done = given(*ONE_LEFT, earned("last"), course_completed("earned"), unenrolled())
    again = done.when(enroll(), within(course(INTRO, LAST, activity("new"), version=2)))
    assert summarise(again.then(enrolled()).state, COURSE).status == "completed"


def test_m14_resetting_what_was_never_complete_does_not_open_it_again() -> None:
    grown = course(INTRO, LAST, activity("new", min_time=9, visited=True), version=2)
    (
        given(*ONE_LEFT, earned("last"), course_completed("earned"), visited("new"))
        .when(reset("new"), within(grown))
        .then(activities_reset("new"))
    )
