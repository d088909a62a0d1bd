"""The rows that reads of the progress view give."""

from datetime import datetime
from typing import NamedTuple

from contracts.fields import Provenance
from contracts.progress import Status


class CourseLine(NamedTuple):
    """A learner in a course, under ``structure_version``, up to ``version`` of the stream."""

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
    manually_completed: bool
    completed_at: datetime | None


class ActivityLine(NamedTuple):
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
    manually_completed: bool
    completed_at: datetime | None


class AttemptLine(NamedTuple):
    """An earlier attempt, as it stood when a reset of the whole course closed it."""

    school: str
    learner: str
    course: str
    attempt: int
    status: Status
    average_score: float | None
    time_spent: int
    provenance: Provenance | None
    manually_completed: bool
    completed_at: datetime | None
    closed_at: datetime


class AttemptActivityLine(NamedTuple):
    """An activity as it stood at the end of an earlier attempt."""

    school: str
    learner: str
    course: str
    attempt: int
    activity: str
    score: float | None
    time_spent: int
    provenance: Provenance | None
    manually_completed: bool
    completed_at: datetime | None


class ExportedProgress(NamedTuple):
    """A line of the progress export; its fields are the columns."""

    school: str
    learner: str
    course: str
    enrolled: bool
    attempt: int
    status: Status
    progress_rate: float
    completed_required: int
    required: int
    average_score: float | None
    time_spent: int
    provenance: Provenance | None
    manually_completed: bool
    completed_at: datetime | None


class ExportedActivity(NamedTuple):
    """A line of the activities export: anything recorded in the current attempt."""

    school: str
    learner: str
    course: str
    activity: str
    completed: bool
    score: float | None
    provenance: Provenance | None
    manually_completed: bool
    time_spent: int
    completed_at: datetime | None
