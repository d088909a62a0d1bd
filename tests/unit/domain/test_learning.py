"""L1 to L4: what the player reports of a learner."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from contracts.commands import Command
from services.domain.state import UNTOUCHED
from tests.support.happened import (
    Draft,
    claimed,
    course_completed,
    earned,
    enrolled,
    imported,
    joined,
    marked,
    spent,
    submitted,
    visited,
)
from tests.support.school import (
    activity,
    claim,
    course,
    join,
    spend,
    submit,
    unruled,
    visit,
    within,
)
from tests.support.spec import given

Seen = tuple[Command, Draft, dict[str, Any]]

OTHER = activity("other")
SIGNALS: list[Seen] = [
    (visit("it"), visited("it"), {"visited": True}),
    (join("it"), joined("it"), {"joined": True}),
    (claim("it"), claimed("it"), {"claimed": True}),
    (submit("it"), submitted("it"), {"submitted": True}),
    (spend("it", 60), spent("it", 60), {"min_time": 60}),
]
signals = pytest.mark.parametrize(("command", "event", "rules"), SIGNALS)


@signals
def test_l1_every_rule_is_met_by_its_signal(
    command: Command, event: Draft, rules: dict[str, Any]
) -> None:
    there = within(course(activity("it", **rules), OTHER))
    given(enrolled()).when(command, there).then(event, earned("it"))


@pytest.mark.parametrize(("first", "second"), list(combinations(SIGNALS, 2)))
def test_l1_all_rules_that_are_set_must_hold(first: Seen, second: Seen) -> None:
    (one, one_event, one_rule), (other, other_event, other_rule) = first, second
    there = within(course(activity("it", **one_rule, **other_rule), OTHER))
    (
        given(enrolled())
        .when(one, there)
        .then(one_event)
        .when(other, there)
        .then(other_event, earned("it"))
    )


@signals
def test_l1_with_no_rule_set_nothing_completes_it_by_itself(
    command: Command, event: Draft, rules: dict[str, Any]
) -> None:
    assert rules
    given(enrolled()).when(command, within(course(unruled("it"), OTHER))).then(event)


@pytest.mark.parametrize("command", [join("it"), claim("it"), submit("it")])
def test_l1_who_joins_claims_or_submits_has_visited(command: Command) -> None:
    there = within(course(activity("it", visited=True), OTHER))
    decided = given(enrolled()).when(command, there)
    assert len(decided.events) == 2


def test_l1_time_alone_is_no_visit() -> None:
    there = within(course(activity("it", visited=True), OTHER))
    given(enrolled()).when(spend("it", 60), there).then(spent("it", 60))


def test_l1_an_exam_is_complete_when_its_pass_mark_is_reached() -> None:
    there = within(course(activity("exam", "exam", passed=50), OTHER))
    (
        given(enrolled())
        .when(submit("exam"), there)
        .then(submitted("exam", passed=False))
        .when(submit("exam", 49.9), there)
        .then(submitted("exam", 49.9, passed=False))
        .when(submit("exam", 50), there)
        .then(submitted("exam", 50, passed=True), earned("exam", "exam", 50))
    )


def test_l1_the_best_submission_counts() -> None:
    there = within(course(activity("exam", "exam", passed=50), OTHER))
    after = (
        given(enrolled(), submitted("exam", 40), submitted("exam", 30))
        .when(submit("exam", 60), there)
        .then(submitted("exam", 60, passed=True), earned("exam", "exam", 60))
        .when(submit("exam", 90), there)
        .then(submitted("exam", 90, passed=True))
        .when(submit("exam", 20), there)
        .then(submitted("exam", 20, passed=False))
        .when(submit("exam"), there)
        .then(submitted("exam", passed=False))
    )
    assert after.state.of("exam").score == 90


def test_l1_a_pass_mark_is_met_by_the_best_submission_while_another_rule_is_open() -> None:
    there = within(course(activity("exam", "exam", passed=50, min_time=60), OTHER))
    given(enrolled(), submitted("exam", 70), submitted("exam", 10)).when(
        spend("exam", 60), there
    ).then(spent("exam", 60), earned("exam", "exam", 70))


def test_l1_an_activity_that_the_course_does_not_have_is_refused() -> None:
    given(enrolled()).when(visit("gone"), within(course(OTHER))).then_refused(
        "unknown_activity",
        "biology-1 has no activity gone; publish the course structure that has it, or name another",
    )


@pytest.mark.parametrize("command", [visit("it"), join("it"), claim("it")])
def test_b1_a_visit_a_join_and_a_claim_are_recorded_once(command: Command) -> None:
    there = within(course(unruled("it"), OTHER))
    first = given(enrolled()).when(command, there)
    assert len(first.events) == 1
    given(enrolled(), joined("it"), claimed("it")).when(command, there).then()


@pytest.mark.parametrize(
    "done", [marked("quiz", "form", 100), imported("quiz", "form", 40), imported("quiz", "form")]
)
@pytest.mark.parametrize(
    ("late", "event"),
    [
        (submit("quiz", 90), submitted("quiz", 90)),
        (submit("quiz", 10), submitted("quiz", 10)),
        (visit("quiz"), visited("quiz")),
        (spend("quiz", 60), spent("quiz", 60)),
    ],
)
def test_l2_a_late_signal_is_recorded_and_touches_no_administrators_completion(
    done: Draft, late: Command, event: Draft
) -> None:
    there = within(course(activity("quiz", "form", visited=True), OTHER))
    before = given(enrolled(), done)
    after = before.when(late, there).then(event)
    assert after.state.of("quiz").completion == before.state.of("quiz").completion
    assert after.state.of("quiz").score == before.state.of("quiz").score


def test_l2_an_earned_completion_is_not_repeated_either() -> None:
    there = within(course(activity("quiz", "form", submitted=True), OTHER))
    given(enrolled(), submitted("quiz", 40), earned("quiz", "form", 40)).when(
        submit("quiz", 60), there
    ).then(submitted("quiz", 60))


@pytest.mark.parametrize(
    "command", [visit("last"), join("last"), claim("last"), submit("last", 9), spend("last", 9)]
)
def test_l3_a_signal_on_a_locked_activity_is_rejected(command: Command) -> None:
    in_order = course(OTHER, activity("last"), access="sequential")
    refused = given(enrolled()).when(command, within(in_order))
    after = refused.then_refused(
        "activity_locked",
        "last is locked for u-1204; its access rules have to open it first",
        access="sequential",
    )
    assert after.state.of("last") == UNTOUCHED


def test_l4_time_spent_adds_up() -> None:
    there = within(course(activity("film", min_time=100), OTHER))
    after = (
        given(enrolled())
        .when(spend("film", 60), there)
        .then(spent("film", 60))
        .when(spend("film", 40), there)
        .then(spent("film", 40), earned("film"))
        .when(spend("film", 1), there)
        .then(spent("film", 1))
    )
    assert after.state.of("film").time_spent == 101


def test_l1_the_last_required_activity_completes_the_course() -> None:
    there = within(course(OTHER, activity("last", "form", submitted=True)))
    given(enrolled(), marked("other")).when(submit("last", 80), there).then(
        submitted("last", 80), earned("last", "form", 80), course_completed("earned", average=80)
    )
