"""What the insights know of a learner in a course, and what the latest events add or take away.

A learner counts once in a funnel, however many attempts. Of each attempt the first completion
counts for the days to completion; of scores all count, those of attempts that were reset too.

What was undone never was (B7): an undo takes from the sums what the undone events had added. Where
the first of several events is undone, those after it are undone with it, since each of them stands
on a reset that stands on the one before; so it is enough to remember the first.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from contracts.api.reports import Scored
from contracts.events import (
    ActivityCompleted,
    ActivityEvent,
    AssessmentSubmitted,
    CourseCompleted,
    Event,
    LearnerEnrolled,
    ProgressReset,
    Revoked,
    UndoneEvent,
)
from contracts.registry import name_of
from projections.definition import Recorded

BUCKET: Final = 5
"""Points; the last bucket holds 100 too."""
_LAST: Final = 100 - BUCKET
_COURSE: Final = name_of(CourseCompleted)
_ACTIVITY: Final = name_of(ActivityCompleted)
_SUBMISSION: Final = name_of(AssessmentSubmitted)
_ENROLMENT: Final = name_of(LearnerEnrolled)


class Score(NamedTuple):
    """A score in its bucket; ``activity`` and ``provenance`` are empty where there is none.

    ``number`` is 1, or -1 where it is taken away; ``millionths`` has the same sign.
    """

    scored: Scored
    activity: str
    provenance: str
    bucket: int
    number: int
    millionths: int


class Days(NamedTuple):
    """Whole days that an attempt took; ``number`` is 1, or -1 where it is taken away."""

    days: int
    number: int


class Firsts(NamedTuple):
    """Versions of an activity's first event that is the learner's own, and first completion."""

    own: int | None = None
    completed: int | None = None

    @property
    def started(self) -> bool:
        """Anything of it counts."""
        return self.own is not None or self.completed is not None


UNTOUCHED: Final = Firsts()


class Insight(NamedTuple):
    """``activities``: those that anything ever happened to, undone or not.

    ``scores`` and ``days``: what the latest events do to the totals.
    """

    began_at: datetime | None = None
    attempt_completed: bool = False
    enrolled: bool = False
    completed: bool = False
    activities: Mapping[str, Firsts] = MappingProxyType({})
    scores: tuple[Score, ...] = ()
    days: tuple[Days, ...] = ()

    @property
    def started(self) -> bool:
        """The learner, or an administrator for them, began."""
        return self.completed or any(it.started for it in self.activities.values())


NOTHING: Final = Insight()


def fold(before: Insight | None, events: Sequence[Recorded]) -> Insight:
    """The state after more events of its stream."""
    state = before or NOTHING
    activities = dict(state.activities)
    scores: list[Score] = []
    days: list[Days] = []
    for recorded in events:
        event = recorded.event
        if isinstance(event, ActivityEvent):
            known = activities.get(event.activity, UNTOUCHED)
            activities[event.activity] = _firsts(known, event, recorded.version)
        elif isinstance(event, CourseCompleted) and not state.attempt_completed:
            days += _days(state.began_at, event.effective_at, 1)
        elif isinstance(event, Revoked):
            _take_back(activities, event)
            days += _no_more(event)
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
            return state._replace(attempt_completed=True, completed=True)
        case ProgressReset(activities=None):
            return state._replace(began_at=event.effective_at, attempt_completed=False)
        case Revoked():
            return state._replace(
                began_at=event.began_at,
                attempt_completed=event.attempt_completed,
                enrolled=event.enrolments > 0,
                completed=event.completions > 0,
            )
        case _:
            return state


def _firsts(known: Firsts, event: ActivityEvent, version: int) -> Firsts:
    if isinstance(event, ActivityCompleted):
        return known if known.completed else known._replace(completed=version)
    return known if known.own else known._replace(own=version)


def _take_back(activities: dict[str, Firsts], undo: Revoked) -> None:
    """Leave out what is undone, in place."""
    for undone in undo.undone:
        if undone.activity in activities:
            known = activities[undone.activity]
            activities[undone.activity] = Firsts(
                *(None if version == undone.version else version for version in known)
            )


def _no_more(undo: Revoked) -> Iterator[Days]:
    """The days of the attempts whose first completion, which was counted, is undone."""
    began = {it.opens_attempt: it.effective_at for it in undo.undone if it.opens_attempt}
    enrolled = next((it.effective_at for it in undo.undone if it.type == _ENROLMENT), None)
    first: dict[int, UndoneEvent] = {}
    for undone in undo.undone:
        if undone.type == _COURSE:
            first.setdefault(undone.attempt, undone)
    for attempt, undone in first.items():
        if attempt != undo.attempt or not undo.attempt_completed:
            since = began.get(attempt, undo.began_at or enrolled)
            yield from _days(since, undone.effective_at, -1)


def _days(began: datetime | None, completed: datetime, number: int) -> Iterator[Days]:
    """Whole days; none at all where it was achieved before the attempt began, in an import say."""
    if began is not None:
        yield Days(max(0, (completed - began).days), number)


def _scores(event: Event) -> Iterator[Score]:
    match event:
        case CourseCompleted(average_score=float() as score):
            yield _score("course", "", event.provenance, score)
        case ActivityCompleted(score=float() as score):
            yield _score("activity", event.activity, event.provenance, score)
        case AssessmentSubmitted(score=float() as score):
            yield _score("submission", event.activity, "", score)
        case Revoked():
            for undone in event.undone:
                if (scored := _SCORED.get(undone.type)) and undone.score is not None:
                    yield _score(
                        scored,
                        undone.activity or "",
                        undone.provenance or "",
                        undone.score,
                        number=-1,
                    )
        case _:
            return


_SCORED: Mapping[str, Scored] = {
    _COURSE: "course",
    _ACTIVITY: "activity",
    _SUBMISSION: "submission",
}


def _score(
    scored: Scored, activity: str, provenance: str, score: float, *, number: int = 1
) -> Score:
    bucket = min(int(score) // BUCKET * BUCKET, _LAST)
    millionths = number * round(score * 1_000_000)
    return Score(scored, activity, provenance, bucket, number, millionths)
