"""M13: what marking, or importing, the whole course means."""

from __future__ import annotations

from tests.support.happened import course_completed, earned, enrolled, imported, marked, submitted
from tests.support.school import activity, course, day, import_, mark, within
from tests.support.spec import given

INTRO = activity("intro")
QUIZ = activity("quiz", "exam", passed=50)
EXTRA = activity("extra", required=False)
COURSE = course(INTRO, EXTRA, QUIZ)


def test_m13_every_open_activity_is_marked_required_or_optional() -> None:
    given(enrolled(), earned("intro")).when(mark(), within(COURSE)).then(
        marked("extra"),
        marked("quiz", "exam", score=100),
        course_completed("manual", average=100),
    )


def test_m13_in_a_completed_course_what_is_optional_is_marked_and_no_more() -> None:
    done = (enrolled(), earned("intro"), earned("quiz", "exam", 60), course_completed("earned"))
    (
        given(*done)
        .when(mark(email=True), within(COURSE))
        .then(marked("extra"))
        .when(mark(), within(COURSE))
        .then_refused("already_complete", "Nothing is left to mark")
    )


def test_m13_a_course_that_never_completed_is_completed_alone() -> None:
    """All its activities are complete because a change of structure took the open one away."""
    all_complete = given(enrolled(), earned("intro", on=2), earned("quiz", "exam", 60, on=3))
    after_the_change = within(course(INTRO, QUIZ, version=2, published=20))
    (
        all_complete.when(mark(), after_the_change)
        .then(course_completed("manual", "administrator", average=60))
        .when(mark(), after_the_change)
        .then_refused("already_complete", "Nothing is left to mark")
    )


def test_m13_an_import_of_the_whole_course_completes_it_alone_too() -> None:
    given(enrolled(), earned("intro", on=2), earned("quiz", "exam", 60, on=3)).when(
        import_(reason="migration"), within(course(INTRO, QUIZ, version=2, published=20))
    ).then(course_completed("imported", "administrator", average=60))


def test_m13_completed_alone_it_is_not_achieved_before_its_activities() -> None:
    given(enrolled(), earned("intro", on=9), earned("quiz", "exam", 60, on=3)).when(
        mark(effective_at=day(4)), within(course(INTRO, QUIZ, version=2, published=20))
    ).then(course_completed("manual", "administrator", average=60, on=9))


def test_m13_where_only_something_optional_is_open_the_administrator_completes_the_course() -> None:
    given(enrolled(), earned("intro"), earned("quiz", "exam", 60)).when(
        mark(), within(COURSE)
    ).then(marked("extra"), course_completed("manual", "administrator", average=60))


def test_m13_naming_activities_that_are_complete_completes_no_course() -> None:
    given(enrolled(), earned("intro"), earned("quiz", "exam", 60)).when(
        mark("intro"), within(COURSE)
    ).then_refused("already_complete", "Nothing is left to mark")
    given(enrolled(), earned("intro"), earned("quiz", "exam", 60)).when(
        import_("intro"), within(COURSE)
    ).then_refused("already_complete", "Nothing is left to mark")


def test_m13_an_import_of_the_whole_course_gives_its_score_to_what_is_graded() -> None:
    given(enrolled(), submitted("extra", 5)).when(import_(score=75), within(COURSE)).then(
        imported("intro"),
        imported("extra", score=5),
        imported("quiz", "exam", score=75),
        course_completed("imported", average=40),
    )


def test_m13_an_import_of_the_whole_course_without_a_score_gives_none() -> None:
    given(enrolled(), submitted("quiz", 40, passed=False)).when(import_(), within(COURSE)).then(
        imported("intro"),
        imported("extra"),
        imported("quiz", "exam", score=40),
        course_completed("imported", average=40),
    )


def test_m13_a_whole_course_that_is_complete_cannot_be_imported() -> None:
    done = given(enrolled(), *map(earned, COURSE.activities), course_completed("earned"))
    done.when(import_(), within(COURSE)).then_refused("already_complete", "Nothing is left")
