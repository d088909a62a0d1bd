"""What goes to webhook endpoints and to Zapier: one message per event that they may ask for.

A webhook keeps the shape that LearnWorlds' users know, ``{version, type, trigger, school_id,
data}``, and adds ids, the attempt, the operation and the time. On Kafka a message holds no name
and no e-mail address: whoever delivers it adds what the directory knows of the user then.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from .fields import (
    ActivityId,
    Attempt,
    CommandId,
    CourseId,
    Email,
    Instant,
    Label,
    LearnerId,
    ProgramId,
    Provenance,
    SchoolId,
    Score,
)
from .model import Contract

Trigger = Annotated[
    Literal[
        "course_completed",
        "activity_completed",
        "certificate_awarded",
        "enrolled",
        "unenrolled_from_product",
        "progress_reset",
        "completion_revoked",
        "learning_program_completed",
        "recertification_due",
        "test",
    ],
    Field(description="What happened; test: nothing did, an administrator asked for it."),
]
Type = Annotated[
    Literal[
        "courseCompleted",
        "activityCompleted",
        "awardedCertificate",
        "enrolledCourse",
        "userUnenrolledFromProduct",
        "progressReset",
        "completionRevoked",
        "learningProgramCompleted",
        "recertificationDue",
        "test",
    ],
    Field(description="The same in the words of LearnWorlds."),
]
TYPES: Mapping[Trigger, Type] = MappingProxyType(
    {
        "course_completed": "courseCompleted",
        "activity_completed": "activityCompleted",
        "certificate_awarded": "awardedCertificate",
        "enrolled": "enrolledCourse",
        "unenrolled_from_product": "userUnenrolledFromProduct",
        "progress_reset": "progressReset",
        "completion_revoked": "completionRevoked",
        "learning_program_completed": "learningProgramCompleted",
        "recertification_due": "recertificationDue",
        "test": "test",
    }
)
"""What each trigger is called as a type."""


class WebhookUser(Contract):
    """The learner; name and e-mail address only where it is delivered, never on Kafka."""

    id: LearnerId
    email: Email | None = None
    name: Label | None = None


class WebhookCourse(Contract):
    """The course, with the title of its latest structure."""

    id: CourseId
    title: Label | None = None


class WebhookActivity(Contract):
    """The activity that was completed."""

    id: ActivityId
    title: Label | None = None
    type: Label
    score: Score | None = None


class WebhookProgram(Contract):
    """The learning programme, with the title of its latest structure."""

    id: ProgramId
    title: Label | None = None


class WebhookData(Contract):
    """What happened to whom; fields that an event has not are left out."""

    user: WebhookUser
    course: WebhookCourse | None = Field(None, description="Where it is about a course.")
    activity: WebhookActivity | None = Field(None, description="Where one was completed.")
    program: WebhookProgram | None = Field(None, description="Where one was completed.")
    manually_completed: bool | None = Field(None, description="An administrator did it (M11).")
    provenance: Provenance | None = None
    completed_at: float | None = Field(
        None,
        ge=0,
        le=253_402_300_800,
        description="When it was achieved (effective_at), in Unix seconds. Of an undo: when the "
        "course was, which is complete after it; left out: it is open.",
    )
    due_at: float | None = Field(
        None,
        ge=0,
        le=253_402_300_800,
        description="When the completion has to be renewed, in Unix seconds.",
    )
    average_score: Score | None = None
    activities: tuple[ActivityId, ...] | None = Field(
        None,
        description="Of a reset: what was reset; left out: the whole course. Of an undo: what it "
        "changed.",
    )
    undone_event_ids: tuple[str, ...] | None = Field(
        None,
        description="Of an undo: the event_id of each earlier message that counts no more (B7).",
    )


class Webhook(Contract):
    """One message to an endpoint."""

    version: Literal[2] = 2
    type: Type
    trigger: Trigger
    school_id: SchoolId
    id: str = Field(description="Of this message, stable: the webhook-id of every delivery.")
    event_id: str = Field(description="The event's ce_id on coursemark.events.v1.")
    occurred_at: Instant = Field(description="When Coursemark wrote the event down.")
    attempt: Attempt | None = None
    batch_id: CommandId | None = Field(None, description="The operation it belongs to.")
    data: WebhookData


class Zap(Contract):
    """The same for Zapier, flat: one level of fields, ``id`` first to tell repeats by."""

    id: str = Field(description="Of this message, stable: Zapier drops repeats by it.")
    event_id: str = Field(description="The event's ce_id on coursemark.events.v1.")
    trigger: Trigger
    school_id: SchoolId
    occurred_at: Instant = Field(description="When Coursemark wrote the event down.")
    user_id: LearnerId
    user_email: Email | None = Field(None, description="Only where it is delivered.")
    user_name: Label | None = Field(None, description="Only where it is delivered.")
    course_id: CourseId | None = None
    course_title: Label | None = None
    activity_id: ActivityId | None = None
    activity_title: Label | None = None
    activity_type: Label | None = None
    program_id: ProgramId | None = None
    program_title: Label | None = None
    score: Score | None = Field(None, description="Of the activity, or the course's average.")
    manually_completed: bool | None = Field(None, description="An administrator did it (M11).")
    provenance: Provenance | None = None
    completed_at: Instant | None = Field(None, description="When it was achieved.")
    due_at: Instant | None = Field(None, description="When it has to be renewed.")
    undone_event_ids: tuple[str, ...] | None = Field(
        None, description="Of an undo: the event_id of each earlier Zap that counts no more (B7)."
    )
    attempt: Attempt | None = None
    batch_id: CommandId | None = Field(None, description="The operation it belongs to.")
