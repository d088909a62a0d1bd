"""What a search has to know of a learner in a course: the rules' own state, and what they forget.

A reset takes nothing from ``enrolments`` and ``completions`` (R3). An undo does: it leaves the
first ones of each, since whatever came after what it took back was taken back with it (B7).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from contracts.events import (
    ActivityClaimed,
    ActivityJoined,
    ActivityVisited,
    AssessmentSubmitted,
    CourseCompleted,
    Event,
    LearnerEnrolled,
    Revoked,
    TimeSpentRecorded,
)
from contracts.fields import Provenance
from projections.definition import Recorded
from services.domain import evolve as rules
from services.domain.state import NOTHING, Progress

NEVER = date.min
"""The last day of a learner who never did anything; PostgreSQL's ``-infinity``."""

_SIGNALS = (
    ActivityVisited,
    ActivityJoined,
    ActivityClaimed,
    AssessmentSubmitted,
    TimeSpentRecorded,
)


class Completed(NamedTuple):
    """A completion of the course, standing or reset since."""

    attempt: int
    at: datetime
    provenance: Provenance


class Standing(NamedTuple):
    """A learner in a course.

    Of ``progress`` a stored state keeps which activities are recorded and which are complete;
    scores and times are not to be read. ``active_on`` is the last day, in UTC, of an event of
    the learner's own; ``enrolments`` and ``completions`` are all there ever were, in order.
    """

    progress: Progress = NOTHING
    active_on: date = NEVER
    enrolments: tuple[datetime, ...] = ()
    completions: tuple[Completed, ...] = ()


def fold(before: Standing | None, events: Sequence[Recorded]) -> Standing:
    """The standing after more events of its stream."""
    standing = before or Standing()
    happened = [recorded.event for recorded in events]
    enrolments, completions = list(standing.enrolments), list(standing.completions)
    for event in happened:
        if isinstance(event, LearnerEnrolled):
            enrolments.append(event.effective_at)
        elif isinstance(event, CourseCompleted):
            completions.append(_completed(event))
        elif isinstance(event, Revoked):
            del enrolments[event.enrolments :], completions[event.completions :]
    own = [it.effective_at.date() for it in happened if _is_own(it)]
    return Standing(
        rules.fold(standing.progress, happened),
        max(standing.active_on, *own) if own else standing.active_on,
        tuple(enrolments),
        tuple(completions),
    )


def size(standing: Standing) -> int:
    """How much memory it takes, in half kilobytes: one for itself and for each activity."""
    return 1 + len(standing.progress.activities)


def _completed(event: CourseCompleted) -> Completed:
    return Completed(event.attempt, event.effective_at, event.provenance)


def _is_own(event: Event) -> bool:
    """True of what the player saw the learner do, and of what they asked for themselves."""
    return isinstance(event, _SIGNALS) or event.actor == event.learner
