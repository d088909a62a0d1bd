"""What the view knows of a learner in a course: the rules' own state, and what they forget."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from contracts.events import ProgressReset, TimeSpentRecorded
from projections.definition import Recorded
from services.domain.evolve import evolve
from services.domain.state import NOTHING, Progress


class ClosedAttempt(NamedTuple):
    """An attempt as it stood when a reset of the whole course closed it (R4)."""

    progress: Progress
    closed_at: datetime


class Record(NamedTuple):
    """A stream up to ``version``.

    ``time_ever``: seconds by activity, whatever was reset since (R3). ``closed``: the attempts
    that the latest events closed; earlier ones are rows already.
    """

    version: int = 0
    progress: Progress = NOTHING
    time_ever: Mapping[str, int] = MappingProxyType({})
    closed: tuple[ClosedAttempt, ...] = ()


def fold(before: Record | None, events: Sequence[Recorded]) -> Record:
    """The record after more events of its stream."""
    record = before or Record()
    progress, closed = record.progress, []
    time_ever = record.time_ever
    for recorded in events:
        event = recorded.event
        match event:
            case TimeSpentRecorded():
                spent = time_ever.get(event.activity, 0) + event.seconds
                time_ever = {**time_ever, event.activity: spent}
            case ProgressReset(activities=None):
                closed.append(ClosedAttempt(progress, event.recorded_at))
            case _:
                pass
        progress = evolve(progress, event)
    return Record(events[-1].version, progress, time_ever, tuple(closed))
