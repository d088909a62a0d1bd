"""When a completion has to be renewed, and when the learner is told so beforehand (B12).

A due date is kept nowhere: it follows from the schedule as it stands, and from the completion.
"""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from contracts.envelope import timestamp
from contracts.fields import EPOCH
from services.domain.schedules import (
    SLACK,
    Recertify,
    Schedule,
    later,
    old_enough_at_most,
    slots,
)


class DueDate(NamedTuple):
    """When, and by which schedule."""

    at: datetime
    schedule: str


class Span(NamedTuple):
    """From one instant to another, both included."""

    first: datetime
    last: datetime


class Agenda:
    """A schedule's slots, worked out once for many completions, as far as they are asked for."""

    def __init__(self, schedule: Schedule, task: Recertify) -> None:
        self.schedule = schedule
        self.task = task
        self._coming = slots(schedule, EPOCH, included=True)
        self._known: list[datetime] = []

    def due_at(self, completed_at: datetime) -> datetime | None:
        """The first slot at which the completion is old enough; none where no slot is left.

        It may lie in the past: the completion is overdue then.
        """
        old_enough = later(completed_at, self.task.months, self.schedule.timezone)
        place = self._place(old_enough)
        return self._known[place] if place < len(self._known) else None

    def completed(self, since: datetime, before: datetime) -> Span | None:
        """When the completions lie that may be due in [since, before); none: none is.

        Those of a few days more lie in it too.
        """
        first, end = self._place(since), self._place(before)
        if first == end:
            return None
        earliest = EPOCH
        if first:
            zone = self.schedule.timezone
            earliest = later(self._known[first - 1], -self.task.months, zone) - SLACK
        latest = old_enough_at_most(self.schedule, self.task, self._known[end - 1])
        return Span(max(earliest, EPOCH), latest)

    def told_at(self, completed_at: datetime, now: datetime) -> datetime | None:
        """The due date of which the learner is to be told now, if there is one.

        That is so from ``warn_days`` before it until it has come.
        """
        due = self.due_at(completed_at)
        if due is None or self.task.warn_days is None or now >= due:
            return None
        return due if due - timedelta(days=self.task.warn_days) <= now else None

    def _place(self, at: datetime) -> int:
        """The place of the first slot that is not before ``at``."""
        while not self._known or self._known[-1] < at:
            slot = next(self._coming, None)
            if slot is None:
                break
            self._known.append(slot)
        return bisect_left(self._known, at)


def agendas(schedules: Iterable[Schedule]) -> list[Agenda]:
    """Those of the schedules that recertify, and are on."""
    return [
        Agenda(it, it.task) for it in schedules if it.enabled and isinstance(it.task, Recertify)
    ]


def earliest(agendas: Iterable[Agenda], completed_at: datetime) -> DueDate | None:
    """The first due date of several schedules; of two on one instant the first id's."""
    found = ((it.due_at(completed_at), it.schedule.schedule) for it in agendas)
    return min((DueDate(at, id_) for at, id_ in found if at is not None), default=None)


def announcement_id(
    schedule: Schedule, learner: str, course: str, attempt: int, completed_at: datetime
) -> str:
    """The command id of a warning; a completion is told of once by each schedule."""
    place = f"{schedule.school}/{schedule.schedule}/{learner}/{course}/{attempt}"
    name = f"coursemark:recertification:{place}/{timestamp(completed_at)}"
    return str(uuid5(NAMESPACE_URL, name))
