"""B1 to B3: what every answer and every event of a command carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts.commands import Command
from services.domain.decide import decide
from services.domain.decision import Refused
from tests.support.happened import (
    activities_reset,
    course_reset,
    earned,
    enrolled,
    marked,
    unenrolled,
    visited,
)
from tests.support.school import (
    WHOSE,
    activity,
    course,
    day,
    enroll,
    import_,
    mark,
    reset,
    unenroll,
    visit,
    within,
)
from tests.support.spec import given

if TYPE_CHECKING:
    from contracts.fields import Reason, Source

COURSE = course(activity("intro"), activity("last"))
SAID: dict[str, Any] = {
    "reason": "tested_out",
    "note": "Passed the state exam.",
    "source": "console",
    "correlation_id": "cause-1",
    "batch_id": "batch-1",
    "effective_at": day(3),
}


@pytest.mark.parametrize("command", [mark(**SAID), import_(**SAID), reset(**SAID)])
def test_b3_reason_note_actor_and_source_stand_on_every_event(command: Command) -> None:
    decided = given(enrolled(), visited("intro")).when(command, within(COURSE))
    assert decided.events
    for event in decided.events:
        assert event.actor == "u-7"
        assert {name: getattr(event, name) for name in SAID} == SAID
        assert (event.recorded_at, event.command_id) == (day(30), "c-1")


def test_b3_reasons_and_sources_are_kept_as_they_were_given() -> None:
    reasons: tuple[Reason, ...] = (
        "equivalent_activity",
        "equivalent_outside_activity",
        "migration",
    )
    sources: tuple[Source, ...] = ("console", "api", "import")
    for reason, source in zip(reasons, sources, strict=True):
        given(enrolled()).when(mark("intro", reason=reason, source=source), within(COURSE)).then(
            marked("intro")
        )


def test_b3_who_enrols_stands_on_the_event() -> None:
    by = given().when(enroll(actor="u-7"), within(COURSE)).then(enrolled())
    by.when(unenroll(actor="u-7"), within(COURSE)).then(unenrolled())
    assert [event.actor for event in by.events] == ["u-7"]


def test_b3_events_say_in_which_attempt_and_under_which_structure_they_were_decided() -> None:
    later = course(activity("intro"), activity("last"), version=7)
    after = (
        given(enrolled(), visited("intro"))
        .when(reset(), within(later))
        .then(course_reset(2))
        .when(visit("intro"), within(later))
        .then(visited("intro"), earned("intro"))
    )
    assert [(event.attempt, event.structure_version) for event in after.events[-3:]] == [
        (1, 7),
        (2, 7),
        (2, 7),
    ]


def test_b1_repeating_an_administrators_command_changes_nothing() -> None:
    (
        given(enrolled())
        .when(mark("intro"), within(COURSE))
        .then(marked("intro"))
        .when(mark("intro"), within(COURSE))
        .then_refused("already_complete", "Nothing is left to mark")
        .when(reset("intro"), within(COURSE))
        .then(activities_reset("intro"))
        .when(reset("intro"), within(COURSE))
        .then_refused("nothing_to_reset", "there is nothing to do")
    )


def test_b2_a_refusal_names_the_first_five_unknown_activities() -> None:
    refused = given(enrolled()).when(mark(*"abcdefg"), within(COURSE)).decision
    assert isinstance(refused, Refused)
    assert refused.message.startswith("biology-1 has no activity a, b, c, d, e; ")
    assert len(refused.details["skipped"]) == 7


def test_b2_a_command_that_no_decider_knows_is_a_fault_of_ours() -> None:
    class Foreign(Command):
        pass

    with pytest.raises(TypeError, match="no decider for Foreign"):
        decide(given(enrolled()).state, Foreign(**WHOSE), within(COURSE))
