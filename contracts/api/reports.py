"""Reports and insights. A column that was not asked for is left out of every line.

Days and months are in UTC, and those of when a thing was achieved. ``more``: there are further
lines; ask for one course, or for a shorter time.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from ..fields import Percentage, Provenance
from ..model import Contract
from ..progress import Status

MOST = 1_000
"""Lines of an answer."""
Counted = Literal[
    "enrolled",
    "unenrolled",
    "activity_completed",
    "course_completed",
    "activities_reset",
    "course_reset",
    "completion_revoked",
    "reset_revoked",
    "enrolment_revoked",
]
Scored = Literal["course", "activity", "submission"]
"""What a score is of: a completed course's average, a completed activity, a submission."""


class TimeSpent(Contract):
    """Seconds ever spent; ``month`` is its first day."""

    course: str | None = None
    activity: str | None = None
    month: date | None = None
    seconds: int


class TimeReport(Contract):
    """All the time ever spent, whatever was reset since (R3)."""

    lines: tuple[TimeSpent, ...]
    more: bool


class LearnerTime(Contract):
    """Seconds that a learner ever spent."""

    learner: str
    seconds: int


class LearnerTimes(Contract):
    """A page of learners, in order of their ids."""

    learners: tuple[LearnerTime, ...]


class Counts(Contract):
    """How often something happened; provenance and administrator are empty for nothing, nobody."""

    kind: Counted
    day: date | None = None
    course: str | None = None
    provenance: Provenance | Literal[""] | None = None
    administrator: str | None = None
    number: int


class CountReport(Contract):
    """Completions, enrolments, unenrolments and resets."""

    lines: tuple[Counts, ...]
    more: bool


class Funnel(Contract):
    """Learners of a course who ever were enrolled, started, completed it; each once."""

    course: str
    enrolled: int
    started: int
    completed: int


class FunnelReport(Contract):
    """Courses, in order of their ids."""

    lines: tuple[Funnel, ...]
    more: bool


class ActivityFunnel(Contract):
    """Learners who ever did, or were given, anything on an activity; who ever completed it."""

    course: str
    activity: str
    started: int
    completed: int


class ActivityFunnelReport(Contract):
    """Activities, by course, in order of their ids."""

    lines: tuple[ActivityFunnel, ...]
    more: bool


class Scores(Contract):
    """Scores of a bucket: from ``bucket`` points to below ``below``, 100 in the last."""

    scored: Scored
    course: str | None = None
    activity: str | None = None
    provenance: Provenance | Literal[""] | None = None
    bucket: int
    below: int
    number: int
    millionths: int = Field(description="Of a point: all scores of the bucket, added up.")


class ScoreReport(Contract):
    """How scores are distributed; ``mean``: of all lines, exact to a millionth."""

    lines: tuple[Scores, ...]
    mean: float | None = None
    more: bool


class Days(Contract):
    """Whole days from the beginning of an attempt to its completion, over completed attempts.

    A quartile is the fewest days within which that part of the attempts was complete.
    """

    course: str
    attempts: int
    least: int
    quarter: int
    median: int
    three_quarters: int
    most: int


class DaysReport(Contract):
    """Courses, in order of their ids."""

    lines: tuple[Days, ...]
    more: bool


class CountedNow(Contract):
    """Learners who stand there now; ``progress`` is the lowest per cent of a band of ten."""

    course: str
    enrolled: bool
    status: Status
    progress: Percentage
    learners: int


class StandingReport(Contract):
    """Where learners stand now: what a reset does change."""

    lines: tuple[CountedNow, ...]
    more: bool
