"""R6: marking and resetting need an enrolment; unenrolling keeps the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.domain.summary import summarise
from tests.support.happened import (
    course_completed,
    earned,
    enrolled,
    marked,
    spent,
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
    reset,
    unenroll,
    visit,
    within,
)
from tests.support.spec import given

if TYPE_CHECKING:
    from contracts.commands import Command

COURSE = course(activity("intro"), activity("last"))
NEED_ONE = [
    mark(),
    mark("intro"),
    import_("intro"),
    reset(),
    visit("intro"),
    unenroll(),
    evaluate(),
]
need_one = pytest.mark.parametrize("command", NEED_ONE, ids=lambda it: type(it).__name__)


@need_one
def test_r6_everything_but_enrolling_needs_an_enrolment(command: Command) -> None:
    for so_far in (given(), given(enrolled(), visited("intro"), unenrolled())):
        so_far.when(command, within(COURSE)).then_refused(
            "not_enrolled", "u-1204 is not enrolled in biology-1; enrol the learner first"
        )


@need_one
def test_a_learner_whom_the_directory_does_not_know_is_unknown(command: Command) -> None:
    for so_far in (given(), given(enrolled(), visited("intro"), unenrolled())):
        for each in (command, enroll()):
            so_far.when(each, within(COURSE, learner_known=False)).then_refused(
                "unknown_learner", "riverside has no user u-1204; publish the user to the directory"
            )


def test_an_enrolled_learner_goes_on_though_the_directory_is_behind() -> None:
    behind = within(COURSE, learner_known=False)
    given(enrolled()).when(visit("intro"), behind).then(visited("intro"), earned("intro"))


@need_one
def test_a_course_without_a_structure_is_unknown(command: Command) -> None:
    for each in (command, enroll()):
        given(enrolled()).when(each, within(None)).then_refused(
            "unknown_course", "riverside has no course biology-1; publish its structure first"
        )


def test_r6_enrolling_twice_is_harmless() -> None:
    (
        given()
        .when(enroll(), within(COURSE))
        .then(enrolled())
        .when(enroll(), within(COURSE))
        .then_refused("already_enrolled", "u-1204 is enrolled in biology-1; nothing is to be done")
    )


def test_r6_enrolling_again_goes_on_where_it_stood() -> None:
    before = given(enrolled(on=3), spent("intro", 60), earned("intro"))
    again = (
        before.when(unenroll(), within(COURSE))
        .then(unenrolled())
        .when(enroll(effective_at=day(20)), within(COURSE))
        .then(enrolled())
    )
    assert again.state == before.state
    assert again.state.enrolled_at == day(3)
    again.when(mark("last"), within(COURSE)).then(marked("last"), course_completed("manual"))


def test_r6_the_record_stands_while_the_learner_is_not_enrolled() -> None:
    before = given(enrolled(), spent("intro", 60), earned("intro"))
    gone = before.when(unenroll(), within(COURSE)).then(unenrolled())
    assert not gone.state.enrolled
    assert summarise(gone.state, COURSE) == summarise(before.state, COURSE)
