"""Learners: their courses, and what happened to them."""

from pydantic import Field

from ..fields import Instant, Percentage, Provenance, Reason, Score, Source
from ..model import Contract
from ..progress import Status


class LearnerCourse(Contract):
    """Where the learner stands in a course."""

    course: str
    version: int = Field(description="Of the last event; rises with every change.")
    structure_version: int
    enrolled: bool = Field(description="False after an unenrolment; the record stays (R6).")
    enrolled_at: Instant | None = None
    attempt: int
    status: Status
    progress_rate: Percentage
    completed_required: int
    required: int
    average_score: Score | None = None
    time_spent: int = Field(description="Seconds in this attempt.")
    time_spent_ever: int = Field(description="Seconds in all attempts.")
    provenance: Provenance | None = None
    manually_completed: bool = Field(description="An administrator completed it (M6).")
    completed_at: Instant | None = None


class LearnerCourses(Contract):
    """A learner's courses, in order of their ids."""

    courses: tuple[LearnerCourse, ...]


class LoggedEvent(Contract):
    """An event: who did what, when, why; ``activities`` of none: the whole course."""

    course: str
    version: int
    type: str
    attempt: int | None = None
    activities: tuple[str, ...] | None = None
    score: float | None = None
    seconds: int | None = None
    provenance: Provenance | None = None
    manually: bool = Field(description="Labelled Manually (M6).")
    recorded_at: Instant
    effective_at: Instant
    actor: str | None = None
    reason: Reason | None = None
    note: str | None = None
    source: Source
    command_id: str
    batch_id: str | None = None
    correlation_id: str | None = None
    program: str | None = None
    due_course: str | None = None
    due_at: Instant | None = None
    schedule: str | None = None
    undone: bool = Field(description="An undo has taken it back (B7).")


class LoggedEvents(Contract):
    """A page of the events log, the newest entry first."""

    events: tuple[LoggedEvent, ...]
