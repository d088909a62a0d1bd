"""Results: what became of a command (B2)."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from .fields import ActivityId, CommandId, Instant
from .model import Contract

Code = Annotated[
    Literal[
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
        "reason_not_allowed",
        "note_required",
        "nothing_to_undo",
        "not_undoable",
        "already_undone",
        "later_events",
        "unknown_search",
        "unknown_program",
        "unknown_operation",
        "operation_conflict",
    ],
    Field(description="Stable; a program may depend on it."),
]


class EventReference(Contract):
    """An event that a command led to, and where it stands."""

    id: str = Field(description="The event's ce_id on coursemark.events.v1.")
    type: str = Field(description="The event's declared name.")
    stream: str = Field(description="school/learner/course")
    version: int = Field(ge=1, description="Its place in the stream, from 1.")
    activity: ActivityId | None = None


class Skipped(Contract):
    """An activity that the command named and that was left as it was."""

    activity: ActivityId
    code: Code


class Result(Contract):
    """What every result says; ids are as the command gave them, none where it gave none."""

    command_id: CommandId
    command_type: str | None = Field(None, description="The declared name that the command gave.")
    school: str = Field(description="As the command gave it, if need be in its key.")
    learner: str | None = Field(None, description="As the command gave it.")
    course: str | None = Field(None, description="As the command gave it.")
    operation: str | None = Field(None, description="As the command gave it.")
    recorded_at: Instant


class CommandAccepted(Result):
    """The command was carried out; a business repeat may have led to no event."""

    outcome: Literal["accepted"] = "accepted"
    events: tuple[EventReference, ...] = Field((), description="In the order of the stream.")
    skipped: tuple[Skipped, ...] = Field((), description="What was left as it was, and why.")


class CommandRejected(Result):
    """The command was refused and nothing was appended."""

    outcome: Literal["rejected"] = "rejected"
    code: Code
    message: str = Field(description="A sentence that says what to do.")
    details: dict[str, JsonValue] = Field(
        default_factory=dict, description="For programs; what is in it depends on the code."
    )


class PreviewedEvent(Contract):
    """An event that a command would lead to."""

    type: str = Field(description="The event's declared name.")
    activity: ActivityId | None = None


class Effects(Contract):
    """What would go out."""

    emails: int = Field(0, ge=0, description="Completion e-mails.")
    webhooks: int = Field(0, ge=0, description="Webhook deliveries, one for each endpoint.")
    zaps: int = Field(0, ge=0, description="Zaps, one for each hook.")


class CommandPreviewed(Result):
    """What a command with ``dry_run`` would have led to; nothing was changed (B5)."""

    outcome: Literal["previewed"] = "previewed"
    would: Literal["accepted", "rejected"] = Field(description="What the result would have been.")
    code: Code | None = Field(None, description="Of a rejection.")
    message: str | None = Field(
        None, description="Of a rejection: a sentence that says what to do."
    )
    events: tuple[PreviewedEvent, ...] = Field((), description="In the order of the stream.")
    skipped: tuple[Skipped, ...] = Field((), description="What would be left as it is, and why.")
    locked: tuple[ActivityId, ...] = Field(
        (),
        description="Of the activities to be marked, those that stay locked in the player (M10).",
    )
    effects: Effects = Field(Effects(), description="What would go out.")
