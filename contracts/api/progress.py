"""Progress of a whole school, row by row: as much as an export of it has, and more."""

from pydantic import Field

from ..fields import Instant, Provenance, Score
from ..model import Contract
from .learners import LearnerCourse

LARGEST = 1_000
"""Rows of a page."""


class ProgressRow(LearnerCourse):
    """Where a learner stands in a course."""

    learner: str


class Progress(Contract):
    """A page of learners in courses, by course and learner."""

    progress: tuple[ProgressRow, ...]


class ActivityRow(Contract):
    """An activity with anything recorded in the learner's current attempt."""

    learner: str
    course: str
    activity: str
    completed: bool
    visited: bool
    joined: bool
    submitted: bool
    claimed: bool
    score: Score | None = None
    time_spent: int = Field(description="Seconds in this attempt.")
    time_spent_ever: int = Field(description="Seconds in all attempts.")
    provenance: Provenance | None = Field(None, description="None: it is not complete.")
    manually_completed: bool = Field(description="An administrator completed it (M6).")
    completed_at: Instant | None = None


class Activities(Contract):
    """A page of activities, by course, learner and activity."""

    activities: tuple[ActivityRow, ...]
