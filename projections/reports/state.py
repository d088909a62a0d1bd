"""What the reports know of a learner in a course: time by activity and month, and the news.

Day and month are those of ``effective_at``, when it was achieved, in UTC. Nothing here shrinks: an
undo is counted as such, beside what it took back (R3, B7).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from contracts.events import (
    ActivityCompleted,
    CompletionRevoked,
    CourseCompleted,
    EnrolmentRevoked,
    Event,
    LearnerEnrolled,
    LearnerUnenrolled,
    ProgressReset,
    ResetRevoked,
    TimeSpentRecorded,
)
from contracts.fields import Provenance
from projections.definition import Recorded
from projections.reports.tables import Kind

Place = tuple[str, date]
"""An activity and a month, which is named by its first day."""


class Happened(NamedTuple):
    """Something that is counted by day; empty where it has no provenance or administrator."""

    kind: Kind
    day: date
    provenance: Provenance | None
    administrator: str


class Reported(NamedTuple):
    """``seconds`` ever spent by place; a reset changes nothing of it (R3).

    ``spent`` and ``happened``: what the latest events add to the totals.
    """

    seconds: Mapping[Place, int] = MappingProxyType({})
    spent: tuple[tuple[Place, int], ...] = ()
    happened: tuple[Happened, ...] = ()


def fold(before: Reported | None, events: Sequence[Recorded]) -> Reported:
    """The state after more events of its stream."""
    known = before or Reported()
    spent: list[tuple[Place, int]] = []
    happened: list[Happened] = []
    for recorded in events:
        event = recorded.event
        if isinstance(event, TimeSpentRecorded):
            place = event.activity, event.effective_at.date().replace(day=1)
            spent.append((place, event.seconds))
        elif (kind := _kind(event)) is not None:
            happened.append(
                Happened(kind, event.effective_at.date(), _provenance(event), _administrator(event))
            )
    seconds = dict(known.seconds) if spent else known.seconds
    for place, more in spent:
        seconds[place] = seconds.get(place, 0) + more  # type: ignore[index]  # a copy of our own
    return Reported(seconds, tuple(spent), tuple(happened))


def size(state: Reported) -> int:
    """How much memory it takes, in half kilobytes."""
    return 1 + (len(state.seconds) + len(state.spent) + len(state.happened)) // 4


def _kind(event: Event) -> Kind | None:
    match event:
        case LearnerEnrolled():
            return "enrolled"
        case LearnerUnenrolled():
            return "unenrolled"
        case ActivityCompleted():
            return "activity_completed"
        case CourseCompleted():
            return "course_completed"
        case ProgressReset():
            return "course_reset" if event.activities is None else "activities_reset"
        case CompletionRevoked():
            return "completion_revoked"
        case ResetRevoked():
            return "reset_revoked"
        case EnrolmentRevoked():
            return "enrolment_revoked"
        case _:
            return None


def _provenance(event: Event) -> Provenance | None:
    return event.provenance if isinstance(event, ActivityCompleted | CourseCompleted) else None


def _administrator(event: Event) -> str:
    """Who did it to the learner, empty for nobody.

    Nobody did it where the learner did (enrolled themself, or earned it), and where a change of
    the structure completed the course (B9), whoever's command came next.
    """
    match event:
        case LearnerEnrolled() | LearnerUnenrolled() if event.actor == event.learner:
            return ""
        case ActivityCompleted() | CourseCompleted() if event.provenance == "earned":
            return ""
        case CourseCompleted() if event.cause == "structure_change":
            return ""
        case _:
            return event.actor or ""
