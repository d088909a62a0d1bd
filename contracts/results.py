"""Results: what became of a command (B2)."""

from typing import Literal

from pydantic import Field, JsonValue

from .fields import ActivityId, CommandId, Instant
from .model import Contract

Code = Literal[
    "not_permitted",
    "feature_not_available",
    "not_enrolled",
    "already_enrolled",
    "unknown_learner",
    "unknown_course",
    "unknown_activity",
    "already_complete",
    "nothing_to_reset",
    "activity_locked",
    "backdating_not_allowed",
    "invalid_command",
    "command_id_reused",
    "conflict_retry_exhausted",
]


class EventReference(Contract):
    """An event that a command led to, and where it stands."""

    id: str = Field(description="The event's ce_id on coursemark.events.v1.")
    type: str
    stream: str
    version: int = Field(ge=1, description="Its place in the stream, from 1.")
    activity: ActivityId | None = None


class Skipped(Contract):
    """An activity that the command named and that was left as it was."""

    activity: ActivityId
    code: Code


class Result(Contract):
    """What every result says; ids are as the command gave them, none where it gave none."""

    command_id: CommandId
    command_type: str | None = None
    school: str
    learner: str | None = None
    course: str | None = None
    recorded_at: Instant


class CommandAccepted(Result):
    """The command was carried out; a business repeat may have led to no event."""

    outcome: Literal["accepted"] = "accepted"
    events: tuple[EventReference, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class CommandRejected(Result):
    """The command was refused and nothing was appended."""

    outcome: Literal["rejected"] = "rejected"
    code: Code
    message: str = Field(description="A sentence that says what to do.")
    details: dict[str, JsonValue] = Field(default_factory=dict)
