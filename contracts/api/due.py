"""Completions that have to be renewed (B12)."""

from ..fields import Instant
from ..model import Contract


class Due(Contract):
    """A completion that has to be renewed at ``due_at``, by the schedule that is the first to."""

    due_at: Instant
    overdue: bool
    learner: str
    name: str | None = None
    email: str | None = None
    course: str
    completed_at: Instant
    attempt: int
    schedule: str


class DueDates(Contract):
    """A page of due dates, the soonest first."""

    due: tuple[Due, ...]
