"""The view's tables and totals; ``tables.sql`` says the same to PostgreSQL.

Tables remember of each learner what has been counted, so that nobody is counted twice.
"""

from datetime import datetime
from typing import Final, NamedTuple

from projections.definition import Table, Totals


class LearnerRow(NamedTuple):
    """A learner in a course: what ever was and was not undone, and the current attempt.

    ``began_at``: when the attempt was begun, by the first enrolment or by a reset of the course.
    """

    school: str
    learner: str
    course: str
    began_at: datetime | None
    attempt_completed: bool
    enrolled: bool
    completed: bool


class ActivityRow(NamedTuple):
    """An activity on which a learner ever did, or was given, anything.

    ``own`` and ``completed``: versions, in the learner's stream, of the first event there that is
    the learner's own, and of the first completion; none where there is none, or it was undone.
    """

    school: str
    learner: str
    course: str
    activity: str
    own: int | None
    completed: int | None


TABLES: Final = (
    Table("learners", LearnerRow._fields, put="put_learners"),
    Table("activities", ActivityRow._fields, put="put_activities"),
)

FUNNEL: Final = Totals("funnel", ("school", "course"), ("enrolled", "started", "completed"))
"""Learners who ever were or did so."""

ACTIVITY_FUNNEL: Final = Totals(
    "activity_funnel", ("school", "course", "activity"), ("started", "completed")
)
"""Learners who ever did so."""

SCORES: Final = Totals(
    "scores",
    ("school", "course", "scored", "activity", "provenance", "bucket"),
    ("number", "millionths"),
)
"""Scores by the lowest points of their bucket; ``millionths`` of a point, added up."""

DAYS: Final = Totals("days", ("school", "course", "days"), ("attempts",))
"""Completed attempts by the whole days that they took."""

TOTALS: Final = (FUNNEL, ACTIVITY_FUNNEL, SCORES, DAYS)
