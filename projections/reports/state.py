"""What the reports know of a learner in a course: time by activity and month, and the news.

Day and month are those of ``effective_at``, when it was achieved, in UTC. A reset takes nothing
away (R3). What was undone never was: it is not counted any more, and the undo is counted as such
(B7). But time that was spent stays spent, whatever is undone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

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
    Revoked,
    TimeSpentRecorded,
    UndoneEvent,
)
from contracts.fields import Provenance
from contracts.registry import name_of
from projections.definition import Recorded
from projections.reports.tables import Kind

Place = tuple[str, date]
"""An activity and a month, which is named by its first day."""
_RESET: Final = name_of(ProgressReset)
_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        name_of(LearnerEnrolled): "enrolled",
        name_of(LearnerUnenrolled): "unenrolled",
        name_of(ActivityCompleted): "activity_completed",
        name_of(CourseCompleted): "course_completed",
        _RESET: "activities_reset",
        name_of(CompletionRevoked): "completion_revoked",
        name_of(ResetRevoked): "reset_revoked",
        name_of(EnrolmentRevoked): "enrolment_revoked",
    }
)
"""What is counted, by the type of event; a reset of the whole course stands apart."""
HANDLES: Final = frozenset({*_KINDS, name_of(TimeSpentRecorded)})


class Happened(NamedTuple):
    """Something that is counted by day; empty where it has no provenance or administrator.

    ``number`` is 1, or -1 where it is counted no more.
    """

    kind: Kind
    day: date
    provenance: Provenance | None
    administrator: str
    number: int


class Reported(NamedTuple):
    """``seconds`` ever spent by place; a reset changes nothing of it (R3).

    ``spent`` and ``happened``: what the latest events do to the totals.
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
        happened += _happened(event)
    seconds = dict(known.seconds) if spent else known.seconds
    for place, more in spent:
        seconds[place] = seconds.get(place, 0) + more  # type: ignore[index]  # a copy of our own
    return Reported(seconds, tuple(spent), tuple(happened))


def size(state: Reported) -> int:
    """How much memory it takes, in half kilobytes."""
    return 1 + (len(state.seconds) + len(state.spent) + len(state.happened)) // 4


def _happened(event: Event) -> Iterator[Happened]:
    """What is counted from now on, and what is not any more."""
    yield from _counted(name_of(event), event, event.learner, 1)
    if isinstance(event, Revoked):
        for undone in event.undone:
            yield from _counted(undone.type, undone, event.learner, -1)


def _counted(
    type_: str, event: Event | UndoneEvent, learner: str, number: int
) -> Iterator[Happened]:
    kind = _KINDS.get(type_)
    if type_ == _RESET and getattr(event, "opens_attempt", None) is not None:
        kind = "course_reset"
    if kind is not None:
        provenance: Provenance | None = getattr(event, "provenance", None)
        administrator = _administrator(kind, event, learner)
        yield Happened(kind, event.effective_at.date(), provenance, administrator, number)


def _administrator(kind: Kind, event: Event | UndoneEvent, learner: str) -> str:
    """Who did it to the learner, empty for nobody.

    Nobody did it where the learner did (enrolled themself, or earned it), and where a change of
    the structure completed the course (B9), whoever's command came next.
    """
    by_learner = kind in {"enrolled", "unenrolled"} and event.actor == learner
    earned = getattr(event, "provenance", None) == "earned"
    by_structure = getattr(event, "cause", None) == "structure_change"
    return "" if by_learner or earned or by_structure else event.actor or ""
