"""Schedules of recertification of the made-up school, and what learners are told by them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contracts.events import RecertificationAnnounced
from services.domain.schedules import Recertify, Schedule, later, slots
from tests.support.school import ADMINISTRATOR, COURSE, LEARNER, SCHOOL, day


def recertification(
    *, course: str = COURSE, months: int = 12, warn_days: int | None = 30, **fields: Any
) -> Schedule:
    """Every noon (UTC) from the first of 2024 on, unless another rule is given."""
    usual: dict[str, Any] = {
        "school": SCHOOL,
        "schedule": "yearly",
        "starts_at": datetime(2024, 1, 1, 12),  # noqa: DTZ001 - of a wall clock
        "rule": "FREQ=DAILY",
        "actor": ADMINISTRATOR,
    }
    task = Recertify(course=course, months=months, warn_days=warn_days)
    return Schedule(task=task, **usual | fields)


def due_at(schedule: Schedule, task: Recertify, completed_at: datetime) -> datetime | None:
    """The plain model: look slot by slot from when the completion is old enough."""
    old_enough = later(completed_at, task.months, schedule.timezone)
    return next(slots(schedule, old_enough, included=True), None)


def announced(**fields: Any) -> RecertificationAnnounced:
    """A learner is told on day 1 that a completion has to be renewed on day 31."""
    usual: dict[str, Any] = {
        "school": SCHOOL,
        "learner": LEARNER,
        "course": COURSE,
        "attempt": 2,
        "schedule": "yearly",
        "due_at": day(31),
        "command_id": "c-0",
        "source": "rule",
        "recorded_at": day(1),
        "effective_at": day(1),
    }
    return RecertificationAnnounced(**usual | fields)
