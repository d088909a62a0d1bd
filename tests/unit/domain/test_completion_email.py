"""M5: an administrator's command says whether the e-mail goes out, at most once per attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.events import CourseCompleted
from tests.support.happened import (
    activities_reset,
    course_completed,
    course_reset,
    earned,
    enrolled,
    imported,
    marked,
    visited,
)
from tests.support.school import activity, course, import_, mark, visit, within
from tests.support.spec import given

if TYPE_CHECKING:
    from contracts.commands import Command

COURSE = course(activity("intro"), activity("extra", required=False), activity("last"))
ONE_LEFT = (enrolled(), earned("intro"))
REOPENED = activities_reset("last", reopens=True)


@pytest.mark.parametrize("email", [True, False])
def test_m5_it_goes_out_where_the_command_says_so(*, email: bool) -> None:
    given(*ONE_LEFT).when(mark("last", email=email), within(COURSE)).then(
        marked("last"), course_completed("manual", email=email)
    )
    given(*ONE_LEFT).when(import_("last", email=email), within(COURSE)).then(
        imported("last"), course_completed("imported", email=email)
    )


def test_m5_only_the_command_that_completes_the_course_sends_it() -> None:
    (
        given(enrolled())
        .when(mark("intro", email=True), within(COURSE))
        .then(marked("intro"))
        .when(mark("last", email=False), within(COURSE))
        .then(marked("last"), course_completed("manual", email=False))
        .when(mark("extra", email=True), within(COURSE))
        .then(marked("extra"))
    )


def test_m5_a_course_that_completes_twice_in_an_attempt_sends_it_once() -> None:
    (
        given(*ONE_LEFT, marked("last"), course_completed("manual", email=True), REOPENED)
        .when(mark("last", email=True), within(COURSE))
        .then(marked("last"), course_completed("manual", email=False))
    )


def test_m5_it_was_not_sent_until_a_command_said_so() -> None:
    (
        given(*ONE_LEFT, marked("last"), course_completed("manual", email=False), REOPENED)
        .when(mark("last", email=True), within(COURSE))
        .then(marked("last"), course_completed("manual", email=True))
    )


def test_m5_sent_once_it_stays_sent_through_later_completions() -> None:
    sent = (marked("last"), course_completed("manual", email=True), REOPENED)
    unsent = (marked("last"), course_completed("manual", email=False), REOPENED)
    given(*ONE_LEFT, *sent, *unsent).when(mark("last", email=True), within(COURSE)).then(
        marked("last"), course_completed("manual", email=False)
    )


@pytest.mark.parametrize("command", [mark(email=True), import_(email=True)])
def test_m5_the_next_attempt_may_send_it_again(command: Command) -> None:
    sent = (marked("last"), course_completed("manual", email=True))
    decided = given(*ONE_LEFT, *sent, course_reset(2, reopens=True)).when(command, within(COURSE))
    completed = decided.events[-1]
    assert isinstance(completed, CourseCompleted)
    assert completed.send_completion_email


def test_m5_what_a_learner_completes_sends_none_of_ours() -> None:
    given(*ONE_LEFT).when(visit("last"), within(COURSE)).then(
        visited("last"), earned("last"), course_completed("earned", email=False)
    )
