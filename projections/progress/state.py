"""What the view knows of a learner in a course: the rules' own state, and what they forget."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from contracts.events import Event, ProgressReset, Revoked, TimeSpentRecorded
from projections.definition import Recorded
from services.domain import evolve as rules
from services.domain.state import NOTHING, Progress


class ClosedAttempt(NamedTuple):
    """An attempt as it stood when a reset of the whole course closed it (R4)."""

    progress: Progress
    closed_at: datetime


class Record(NamedTuple):
    """A stream up to ``version``.

    ``time_ever``: seconds by activity, whatever was reset since (R3). ``closed``: the attempts
    that the latest events closed; earlier ones are rows already. ``reopened``: the attempt that
    an undo among the latest events went back to, whose row and those after it are none any more.
    """

    version: int = 0
    progress: Progress = NOTHING
    time_ever: Mapping[str, int] = MappingProxyType({})
    closed: tuple[ClosedAttempt, ...] = ()
    reopened: int | None = None


def fold(before: Record | None, events: Sequence[Recorded]) -> Record:
    """The record after more events of its stream."""
    record = before or Record()
    progress, time_ever = record.progress, dict(record.time_ever)
    closed: list[ClosedAttempt] = []
    reopened: int | None = None
    run: list[Event] = []
    for recorded in events:
        event = recorded.event
        if isinstance(event, TimeSpentRecorded):
            time_ever[event.activity] = time_ever.get(event.activity, 0) + event.seconds
        elif isinstance(event, ProgressReset) and event.activities is None:
            progress, run = rules.fold(progress, run), []
            closed.append(ClosedAttempt(progress, event.recorded_at))
        elif isinstance(event, Revoked):
            closed = [it for it in closed if it.progress.attempt < event.attempt]
            reopened = min(reopened or event.attempt, event.attempt)
        run.append(event)
    return Record(events[-1].version, rules.fold(progress, run), time_ever, tuple(closed), reopened)


def size(record: Record) -> int:
    """How much memory it takes, in half kilobytes: one for itself and for each activity."""
    return 1 + len(record.progress.activities)
