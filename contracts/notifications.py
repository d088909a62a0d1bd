"""What somebody is to be told: completion notices for learners, notices for administrators."""

from typing import Literal

from pydantic import Field

from .fields import Attempt, CourseId, Instant, Label, LearnerId, SchoolId, Score
from .model import Contract


class CompletionNotice(Contract):
    """The completion e-mail of an attempt is to go out, because a command said so (M5)."""

    school: SchoolId
    learner: LearnerId
    course: CourseId
    course_title: Label | None = None
    attempt: Attempt
    event_id: str = Field(description="The event's ce_id on coursemark.events.v1.")
    completed_at: Instant = Field(description="When it was achieved.")
    average_score: Score | None = None
    manually_completed: bool = Field(description="An administrator did it (M11).")


class EndpointDisabled(Contract):
    """A webhook endpoint gets nothing more until somebody enables it again."""

    school: SchoolId
    endpoint: str = Field(description="The endpoint's id.")
    cause: Literal["gone", "failing"] = Field(
        description="gone: it answered 410; failing: nothing was taken for days."
    )
    failing_since: Instant | None = None
    disabled_at: Instant
