"""B3, B4: what a school's own policy lets its administrators say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.domain.policy import Policy
from tests.support.happened import earned, enrolled, imported, marked, visited
from tests.support.school import (
    activity,
    course,
    day,
    enroll,
    evaluate,
    import_,
    mark,
    reset,
    visit,
    within,
)
from tests.support.spec import given

if TYPE_CHECKING:
    from contracts.commands import Command
    from services.domain.decision import Context

COURSE = course(activity("intro"), activity("more"))
BY_ADMINISTRATORS = mark("intro"), reset("intro"), import_("intro")


def under(**limits: Any) -> Context:
    """Recorded on day 30, in a school with that policy."""
    return within(COURSE, policy=Policy(**limits))


@pytest.mark.parametrize("command", [mark("intro"), reset("intro")], ids=["mark", "reset"])
def test_b4_a_command_lies_no_further_back_than_the_policy_lets_it(command: Command) -> None:
    """To the second: a day and an instant more is refused, and the sentence names the limit."""
    limited = under(max_backdating_days=7)
    at = command.model_copy(update={"effective_at": day(23)})
    given(enrolled(), visited("intro")).when(at, limited).events  # noqa: B018 - it asserts
    late = command.model_copy(update={"effective_at": day(23 - 1 / 86_400)})
    given(enrolled(), visited("intro")).when(late, limited).then_refused(
        "backdating_not_allowed",
        "riverside lets a command lie 7 days back at most, to 2024-05-24 00:00 UTC; "
        "send a later effective_at",
        effective_at="2024-05-23T23:59:59+00:00",
        max_days=7,
    )


def test_b4_a_limit_of_no_days_lets_nothing_lie_back_and_now_pass() -> None:
    limited = under(max_backdating_days=0)
    given(enrolled()).when(mark("intro"), limited).then(marked("intro"))
    past = mark("intro", effective_at=day(29))
    given(enrolled()).when(past, limited).then_refused(
        "backdating_not_allowed", "0 days", effective_at=day(29).isoformat(), max_days=0
    )


def test_b4_imports_have_a_limit_of_their_own() -> None:
    """A school that lets no mark lie back can still bring its old records in."""
    old = import_("intro", effective_at=day(-3_000))
    given(enrolled()).when(old, under(max_backdating_days=7)).then(imported("intro"))
    given(enrolled()).when(old, under(max_import_backdating_days=365)).then_refused(
        "backdating_not_allowed",
        "riverside lets an import lie 365 days back at most",
        effective_at=day(-3_000).isoformat(),
        max_days=365,
    )
    old_mark = mark("intro", effective_at=day(-3_000))
    given(enrolled()).when(old_mark, under(max_import_backdating_days=7)).then(marked("intro"))


@pytest.mark.parametrize("command", BY_ADMINISTRATORS, ids=lambda it: type(it).__name__)
def test_b3_a_school_may_use_some_of_the_reasons_alone(command: Command) -> None:
    limited = under(reasons=frozenset({"tested_out", "equivalent_activity"}))
    used = command.model_copy(update={"reason": "tested_out"})
    given(enrolled(), visited("intro")).when(used, limited).events  # noqa: B018 - it asserts
    other = command.model_copy(update={"reason": "administrative"})
    given(enrolled(), visited("intro")).when(other, limited).then_refused(
        "reason_not_allowed",
        "riverside does not use the reason administrative; "
        "give one of equivalent_activity, tested_out.",
        reason="administrative",
        allowed=["equivalent_activity", "tested_out"],
    )


@pytest.mark.parametrize("command", BY_ADMINISTRATORS, ids=lambda it: type(it).__name__)
@pytest.mark.parametrize("note", [None, "", "  \n"])
def test_b3_a_school_may_want_a_note(command: Command, note: str | None) -> None:
    limited = under(note_required=True)
    told = command.model_copy(update={"note": "moved from another course"})
    given(enrolled(), visited("intro")).when(told, limited).events  # noqa: B018 - it asserts
    untold = command.model_copy(update={"note": note})
    given(enrolled(), visited("intro")).when(untold, limited).then_refused(
        "note_required", "riverside wants a note with every administrator's command"
    )


def test_b3_policies_are_not_asked_of_learners_and_of_coursemark_itself() -> None:
    """A signal that was sent late, an old enrolment and an evaluation carry no reason, no note."""
    strict = under(
        max_backdating_days=0,
        max_import_backdating_days=0,
        reasons=frozenset({"tested_out"}),
        note_required=True,
    )
    (
        given()
        .when(enroll(actor="u-7", effective_at=day(1)), strict)
        .then(enrolled())
        .when(visit("intro", effective_at=day(2)), strict)
        .then(visited("intro"), earned("intro"))
        .when(evaluate(), strict)
        .then()
    )


def test_a1_who_may_not_do_it_learns_nothing_of_the_policy() -> None:
    limited = under(note_required=True)._replace(actor_level="user")
    given(enrolled()).when(mark("intro"), limited).then_refused("not_permitted", "u-7 is no")
