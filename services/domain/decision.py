"""What ``decide`` is told besides the command, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from contracts.commands import AdministratorCommand, Command, EnrollLearner, UnenrollLearner
from contracts.events import Event
from contracts.fields import RoleLevel
from contracts.results import Code, Skipped
from services.domain.course import Course
from services.domain.policy import NO_LIMITS, Policy
from services.domain.state import Progress


class Context(NamedTuple):
    """The facts that stand around a command.

    ``course``: the latest structure, none where the school has no such course.
    ``history``: all events of the stream; ``structures``: all of the course's by their version;
    only an undo asks for them.
    ``plan`` and ``actor_level``: the school's and the actor's, from the directory of the
    command's own school; none where the directory does not know them.
    """

    command_id: str
    recorded_at: datetime
    course: Course | None
    plan: str | None
    actor_level: RoleLevel | None
    learner_known: bool
    policy: Policy = NO_LIMITS
    history: Sequence[Event] = ()
    structures: Mapping[int, Course] = MappingProxyType({})


class Accepted(NamedTuple):
    """The events to append, in order, and the activities left as they were."""

    events: tuple[Event, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class Refused(NamedTuple):
    """Nothing is appended; ``message`` says what to do."""

    code: Code
    message: str
    details: dict[str, Any] = {}  # noqa: RUF012 - never written to


Decision = Accepted | Refused


@dataclass(frozen=True)
class Case:
    """A command in its state and context, checked as far as all commands are checked alike."""

    state: Progress
    command: Command
    context: Context
    course: Course

    @property
    def effective_at(self) -> datetime:
        """When it happened: as the command says, or now."""
        return self.command.effective_at or self.context.recorded_at

    @cached_property
    def common(self) -> dict[str, Any]:
        """The fields that every event of this command carries."""
        command = self.command
        return {
            "school": command.school,
            "learner": command.learner,
            "course": command.course,
            "attempt": self.state.attempt,
            "structure_version": self.course.version,
            "command_id": self.context.command_id,
            "correlation_id": command.correlation_id,
            "batch_id": command.batch_id,
            "source": command.source,
            "recorded_at": self.context.recorded_at,
            "effective_at": self.effective_at,
            **_by_whom(command),
        }


def _by_whom(command: Command) -> dict[str, Any]:
    match command:
        case AdministratorCommand():
            return {"actor": command.actor, "reason": command.reason, "note": command.note}
        case EnrollLearner() | UnenrollLearner():
            return {"actor": command.actor}
        case _:
            return {}
