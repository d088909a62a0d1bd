"""The view's tables, a class for the rows of each; ``tables.sql`` says the same to PostgreSQL."""

from datetime import datetime
from typing import Final, NamedTuple

from contracts.fields import Provenance
from contracts.progress import Status
from projections.definition import Table


class CourseRow(NamedTuple):
    """Where a learner stands in a course, and what restores the state; times in seconds."""

    school: str
    learner: str
    course: str
    version: int
    structure_version: int
    enrolled: bool
    enrolled_at: datetime | None
    attempt: int
    status: Status
    progress_rate: float
    completed_required: int
    required: int
    average_score: float | None
    time_spent: int
    time_spent_ever: int
    provenance: Provenance | None
    completed_at: datetime | None
    emailed: bool


class ActivityRow(NamedTuple):
    """An activity with anything ``recorded`` in this attempt, or with time ever spent on it."""

    school: str
    learner: str
    course: str
    activity: str
    recorded: bool
    visited: bool
    joined: bool
    claimed: bool
    submitted: bool
    score: float | None
    time_spent: int
    time_spent_ever: int
    provenance: Provenance | None
    completed_at: datetime | None


class AttemptRow(NamedTuple):
    """An attempt that a reset of the whole course closed (R4)."""

    school: str
    learner: str
    course: str
    attempt: int
    status: Status
    average_score: float | None
    time_spent: int
    provenance: Provenance | None
    completed_at: datetime | None
    closed_at: datetime


class AttemptActivityRow(NamedTuple):
    """An activity as it stood at the end of a closed attempt."""

    school: str
    learner: str
    course: str
    attempt: int
    activity: str
    score: float | None
    time_spent: int
    provenance: Provenance | None
    completed_at: datetime | None


TABLES: Final = (
    Table("courses", CourseRow._fields, put="put_courses"),
    Table("activities", ActivityRow._fields, put="put_activities"),
    Table("attempts", AttemptRow._fields, restores=False, put="put_attempts"),
    Table(
        "attempt_activities",
        AttemptActivityRow._fields,
        restores=False,
        put="put_attempt_activities",
    ),
)
