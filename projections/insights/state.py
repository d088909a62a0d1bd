"""What the insights know of a learner in a course, and what the latest events add.

A learner counts once in a funnel, however many attempts. Of each attempt the first completion
counts for the days to completion; of scores all count, those of attempts that were reset too. What
an undo has taken back still counts; it only leads back to the attempt that it names (B7).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from contracts.events import (
    ActivityCompleted,
    ActivityEvent,
    AssessmentSubmitted,
    CourseCompleted,
    Event,
    LearnerEnrolled,
    ProgressReset,
    Revoked,
)
from projections.definition import Recorded
from projections.insights.tables import Scored

BUCKET: Final = 5
"""Points; the last bucket holds 100 too."""
_LAST: Final = 100 - BUCKET


class Score(NamedTuple):
    """A score in its bucket; ``activity`` and ``provenance`` are empty where there is none."""

    scored: Scored
    activity: str
    provenance: str
    bucket: int
    millionths: int


class Insight(NamedTuple):
    """``activities``: those ever started, each with whether it ever was complete.

    ``scores`` and ``days``: what the latest events add to the totals.
    """

    began_at: datetime | None = None
    attempt_completed: bool = False
    enrolled: bool = False
    started: bool = False
    completed: bool = False
    activities: Mapping[str, bool] = MappingProxyType({})
    scores: tuple[Score, ...] = ()
    days: tuple[int, ...] = ()


NOTHING: Final = Insight()


def fold(before: Insight | None, events: Sequence[Recorded]) -> Insight:
    """The state after more events of its stream."""
    state = before or NOTHING
    activities = dict(state.activities)
    scores: list[Score] = []
    days: list[int] = []
    for recorded in events:
        event = recorded.event
        if isinstance(event, ActivityEvent):
            done = isinstance(event, ActivityCompleted)
            activities[event.activity] = activities.get(event.activity, False) or done
        elif isinstance(event, CourseCompleted) and not state.attempt_completed:
            days += _days(state.began_at, event.effective_at)
        scores += _scores(event)
        state = _after(state, event)
    return state._replace(activities=activities, scores=tuple(scores), days=tuple(days))


def size(state: Insight) -> int:
    """How much memory it takes, in half kilobytes."""
    return 1 + (len(state.activities) + len(state.scores)) // 4


def _after(state: Insight, event: Event) -> Insight:
    match event:
        case LearnerEnrolled():
            return state._replace(enrolled=True, began_at=state.began_at or event.effective_at)
        case CourseCompleted():
            return state._replace(attempt_completed=True, started=True, completed=True)
        case ProgressReset(activities=None):
            return state._replace(began_at=event.effective_at, attempt_completed=False)
        case Revoked(began_at=began_at, attempt_completed=completed):
            return state._replace(began_at=began_at, attempt_completed=completed)
        case ActivityEvent() if not state.started:
            return state._replace(started=True)
        case _:
            return state


def _days(began: datetime | None, completed: datetime) -> list[int]:
    """Whole days; none at all where it was achieved before the attempt began, in an import say."""
    return [] if began is None else [max(0, (completed - began).days)]


def _scores(event: Event) -> list[Score]:
    match event:
        case CourseCompleted(average_score=float() as score):
            return [_score("course", "", event.provenance, score)]
        case ActivityCompleted(score=float() as score):
            return [_score("activity", event.activity, event.provenance, score)]
        case AssessmentSubmitted(score=float() as score):
            return [_score("submission", event.activity, "", score)]
        case _:
            return []


def _score(scored: Scored, activity: str, provenance: str, score: float) -> Score:
    bucket = min(int(score) // BUCKET * BUCKET, _LAST)
    return Score(scored, activity, provenance, bucket, round(score * 1_000_000))
