"""The latest progress of one learner in one course, as the compacted topic carries it."""

from typing import Literal

from pydantic import Field

from .fields import (
    Attempt,
    CourseId,
    Instant,
    LearnerId,
    Percentage,
    Provenance,
    SchoolId,
    Score,
    StructureVersion,
)
from .model import Contract

Status = Literal["not_started", "not_completed", "completed"]


class LatestProgress(Contract):
    """Where a learner stands in a course; ``version`` is that of the last event in it."""

    school: SchoolId
    learner: LearnerId
    course: CourseId
    version: int = Field(ge=1, description="Of the last event; rises with every change.")
    structure_version: StructureVersion
    enrolled: bool = Field(description="False after an unenrolment; the record stays (R6).")
    attempt: Attempt
    status: Status = Field(description="not_started: nothing recorded in this attempt.")
    progress_rate: Percentage = Field(description="Required activities complete, in per cent.")
    completed_required: int = Field(ge=0, description="Required activities that are complete.")
    required: int = Field(ge=0, description="Required activities that the course has.")
    average_score: Score | None = None
    time_spent: int = Field(ge=0, description="Seconds in this attempt.")
    time_spent_ever: int = Field(ge=0, description="Seconds in all attempts.")
    provenance: Provenance | None = None
    manually_completed: bool = Field(description="An administrator completed the course (M6).")
    completed_at: Instant | None = None
