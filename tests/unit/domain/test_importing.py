"""B4 and B8: completions achieved elsewhere, and when they were."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from services.domain.summary import summarise
from tests.support.happened import (
    course_completed,
    earned,
    enrolled,
    imported,
    marked,
    submitted,
    visited,
)
from tests.support.school import activity, course, day, import_, mark, visit, within
from tests.support.spec import Spec, given

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.commands import Command, ImportCompletion

QUIZ, EXAM = activity("quiz", "form", submitted=True), activity("exam", "exam", passed=50)
COURSE = course(QUIZ, EXAM, activity("film"), activity("extra", required=False))
IMPORTS = (
    import_("quiz", score=80, effective_at=day(5)),
    import_("exam", score=30, effective_at=day(2)),
    import_("film", effective_at=day(9)),
    import_("extra", effective_at=day(11)),
)


def carried_out(commands: tuple[ImportCompletion, ...]) -> Spec:
    spec = given(enrolled())
    for number, command in enumerate(commands):
        decided = spec.when(command, within(COURSE, command_id=f"c-{number}"))
        spec = Spec(spec.events + decided.events)
    return spec


@pytest.mark.parametrize("commands", list(permutations(IMPORTS)))
def test_b4_imports_give_the_same_in_every_order(commands: tuple[ImportCompletion, ...]) -> None:
    one, other = carried_out(IMPORTS).state, carried_out(commands).state
    assert other == one
    assert summarise(other, COURSE) == summarise(one, COURSE)
    assert other.completion is not None
    assert (other.completion.provenance, other.completion.effective_at) == ("imported", day(9))


def test_b4_the_course_was_achieved_when_its_last_activity_was() -> None:
    given(enrolled(), imported("quiz", on=20), imported("exam", on=3)).when(
        import_("film", effective_at=day(1)), within(COURSE)
    ).then(imported("film"), course_completed("imported", on=20))
    given(enrolled(), earned("quiz", on=20), earned("exam", on=3)).when(
        mark("film", effective_at=day(1)), within(COURSE)
    ).then(marked("film"), course_completed("manual", on=20))


def test_b4_without_effective_at_it_happened_when_it_was_recorded() -> None:
    after = given(enrolled()).when(import_("film"), within(COURSE)).then(imported("film", on=30))
    completion = after.state.of("film").completion
    assert completion is not None
    assert completion.effective_at == day(30)


@pytest.mark.parametrize("command", [import_, visit])
def test_b4_what_happened_lies_in_the_past(command: Callable[..., Command]) -> None:
    """Five minutes are allowed for a producer's clock that is ahead."""
    latest = day(30) + timedelta(minutes=5)
    assert given(enrolled()).when(command("film", effective_at=latest), within(COURSE)).events
    later = latest + timedelta(microseconds=1)
    given(enrolled()).when(command("film", effective_at=later), within(COURSE)).then_refused(
        "invalid_command",
        "effective_at lies in the future; send when it happened, or leave it out",
        effective_at=later.isoformat(),
    )


@pytest.mark.parametrize("score", [0.0, 49.5, 100.0])
def test_b8_the_score_is_kept_as_given(score: float) -> None:
    given(enrolled(), submitted("exam", 70)).when(
        import_("exam", score=score), within(COURSE)
    ).then(imported("exam", "exam", score=score))
    given(enrolled()).when(import_("film", score=score), within(COURSE)).then(
        imported("film", score=score)
    )


def test_b8_without_a_score_what_was_scored_before_stays() -> None:
    given(enrolled(), submitted("exam", 30)).when(import_("exam"), within(COURSE)).then(
        imported("exam", "exam", score=30)
    )
    given(enrolled()).when(import_("exam"), within(COURSE)).then(imported("exam", "exam"))


def test_m8_what_is_complete_cannot_be_imported() -> None:
    given(enrolled(), visited("film"), earned("film")).when(
        import_("film", score=50), within(COURSE)
    ).then_refused("already_complete", "Reset it first if it must be done again")


def test_an_activity_that_the_course_does_not_have_cannot_be_imported() -> None:
    given(enrolled()).when(import_("gone"), within(COURSE)).then_refused(
        "unknown_activity",
        "biology-1 has no activity gone",
        skipped=[{"activity": "gone", "code": "unknown_activity"}],
    )


def test_m10_a_locked_activity_can_be_imported() -> None:
    in_order = course(QUIZ, activity("film"), access="sequential")
    given(enrolled()).when(import_("film"), within(in_order)).then(imported("film"))
