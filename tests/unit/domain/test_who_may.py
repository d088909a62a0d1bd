"""A1 to A3: who may mark, reset, import and enrol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.happened import earned, enrolled, marked, unenrolled, visited
from tests.support.school import (
    activity,
    course,
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

COURSE = course(activity("intro"), activity("more"))
BY_ADMINISTRATORS = [mark("intro"), mark(), reset("intro"), reset(), import_("intro"), import_()]
by_administrators = pytest.mark.parametrize(
    "command", BY_ADMINISTRATORS, ids=lambda command: type(command).__name__
)


@by_administrators
@pytest.mark.parametrize("level", ["instructor", "reporter", "seat_manager", "user", None])
def test_a1_only_the_level_admin_may_mark_reset_and_import(
    command: Command, level: str | None
) -> None:
    within_level = within(COURSE, actor_level=level)
    given(enrolled(), visited("intro")).when(command, within_level).then_refused(
        "not_permitted",
        "u-7 is no administrator of riverside; "
        "send the command as a user whose role has the level admin",
    )


def test_a1_the_level_admin_may() -> None:
    given(enrolled()).when(mark("intro"), within(COURSE)).then(marked("intro"))


@by_administrators
@pytest.mark.parametrize("plan", ["free", "Starter", "", None])
def test_a2_a_school_on_another_plan_cannot(command: Command, plan: str | None) -> None:
    given(enrolled(), visited("intro")).when(command, within(COURSE, plan=plan)).then_refused(
        "feature_not_available",
        "The plan of riverside does not include marking, resetting and bulk enrolment; "
        "move to one of high_volume_corporate, learning_center, pro_trainer, starter",
        plan=plan,
    )


@pytest.mark.parametrize(
    "plan", ["starter", "pro_trainer", "learning_center", "high_volume_corporate"]
)
def test_a2_four_plans_have_the_feature(plan: str) -> None:
    given(enrolled()).when(mark("intro"), within(COURSE, plan=plan)).then(marked("intro"))


def test_a2_what_learners_and_the_platform_do_is_on_every_plan() -> None:
    free = within(COURSE, plan="free", actor_level=None)
    (
        given()
        .when(enroll(), free)
        .then(enrolled())
        .when(visit("intro"), free)
        .then(visited("intro"), earned("intro"))
        .when(evaluate(), free)
        .then()
        .when(unenroll(), free)
        .then(unenrolled())
    )


def test_a3_an_actor_whom_the_school_does_not_know_learns_nothing_about_it() -> None:
    """The level is looked up in the command's own school: a stranger has none there."""
    for known in (COURSE, None):
        for learner_known in (True, False):
            stranger = within(known, actor_level=None, learner_known=learner_known)
            given().when(mark("intro"), stranger).then_refused("not_permitted", "riverside")


def test_a1_enrolling_somebody_else_is_for_administrators() -> None:
    for level in ("instructor", "user", None):
        other = within(COURSE, actor_level=level)
        given().when(enroll(actor="u-9"), other).then_refused("not_permitted", "u-9 is no")
        given(enrolled()).when(unenroll(actor="u-9"), other).then_refused("not_permitted", "u-9")


def test_a1_an_administrator_a_learner_and_the_platform_may_enrol() -> None:
    for actor, level in (("u-7", "admin"), ("u-1204", "user"), (None, None)):
        there = within(COURSE, actor_level=level)
        (
            given()
            .when(enroll(actor=actor), there)
            .then(enrolled())
            .when(unenroll(actor=actor), there)
            .then(unenrolled())
        )


def test_a1_who_enrols_themselves_has_to_be_a_user_of_the_school() -> None:
    stranger = within(COURSE, actor_level=None)
    given().when(enroll(actor="u-1204"), stranger).then_refused("not_permitted", "u-1204")


def test_a2_enrolling_one_learner_asks_for_no_plan() -> None:
    by_administrator = within(COURSE, plan=None)
    given().when(enroll(actor="u-7"), by_administrator).then(enrolled())


def test_a1_working_a_course_out_anew_can_complete_nothing_that_is_open() -> None:
    given(enrolled(), marked("intro")).when(evaluate(), within(COURSE, actor_level=None)).then()
