"""Given-when-then specs of the rules, in the spirit of emmett's DeciderSpecification.

    given(enrolled()).when(mark("intro"), within(course)).then(marked("intro"))

What happened goes on: after `then` a spec may go on with another `when`. Each step is replayed
twice: the same command in the same state is decided again and gives the same; and the events
go through the log's JSON and lead to the same state, one by one as well as folded together.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from contracts.results import Skipped
from services.domain.decide import decide
from services.domain.decision import Accepted, Refused
from services.domain.evolve import evolve, fold
from services.domain.state import NOTHING, Progress
from services.store.mapper import decode, encode
from tests.support.school import WHOSE, day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.commands import Command
    from contracts.events import Event
    from contracts.results import Code
    from services.domain.decision import Context, Decision
    from tests.support.happened import Draft

BEFORE: dict[str, Any] = {
    **WHOSE,
    "structure_version": 1,
    "command_id": "c-0",
    "source": "kafka",
    "recorded_at": day(1),
    "effective_at": day(1),
}
"""What an event says that was there before the command."""


class Spec(NamedTuple):
    """What has happened so far."""

    events: tuple[Event, ...]

    @property
    def state(self) -> Progress:
        """The state after all that happened."""
        return fold(NOTHING, self.events)

    def when(self, command: Command, context: Context) -> Decided:
        """Decide the command, twice."""
        decision = decide(self.state, command, context)
        assert decide(replayed(self.events), command, context) == decision
        return Decided(self, command, context, decision)


class Decided(NamedTuple):
    """A command and what it led to."""

    spec: Spec
    command: Command
    context: Context
    decision: Decision

    @property
    def events(self) -> tuple[Event, ...]:
        """The events of a command that was accepted."""
        assert isinstance(self.decision, Accepted)
        return self.decision.events

    def then(self, *drafts: Draft, skipped: dict[str, Code] | None = None) -> Spec:
        """It was accepted with just these events, and left these activities as they were."""
        common = _common(self.command, self.context) | {"attempt": self.spec.state.attempt}
        expected = Accepted(
            tuple(each.completed(common) for each in drafts),
            tuple(Skipped(activity=id_, code=code) for id_, code in (skipped or {}).items()),
        )
        assert self.decision == expected
        before, after = self.spec.state, Spec(self.spec.events + expected.events)
        assert fold(before, expected.events) == after.state == replayed(after.events)
        assert before == self.spec.state
        return after

    def then_refused(self, code: Code, saying: str, **details: Any) -> Spec:
        """It was refused with the code, and a sentence that tells what to do."""
        assert isinstance(self.decision, Refused)
        assert (self.decision.code, self.decision.details) == (code, details)
        assert saying in self.decision.message
        return self.spec


def given(*drafts: Draft) -> Spec:
    """Events that were there before; each stands in the attempt that a reset before it opened."""
    events: tuple[Event, ...] = ()
    for each in drafts:
        attempt = fold(NOTHING, events).attempt
        events = (*events, each.completed(BEFORE | {"attempt": attempt}))
    return Spec(events)


def replayed(events: Sequence[Event]) -> Progress:
    """The state after the events as the log gives them back, one by one."""
    encoded = [encode("a/stream", version, event) for version, event in enumerate(events, 1)]
    decoded = [decode(event.topic, event.state) for event in encoded]
    return reduce(evolve, cast("list[Event]", decoded), NOTHING)


def _common(command: Command, context: Context) -> dict[str, Any]:
    assert context.course is not None
    said = command.model_dump()
    kept = (*WHOSE, "correlation_id", "batch_id", "source", "actor", "reason", "note")
    return {
        **{name: said[name] for name in kept if name in said},
        "structure_version": context.course.structure.version,
        "command_id": context.command_id,
        "recorded_at": context.recorded_at,
        "effective_at": command.effective_at or context.recorded_at,
    }
