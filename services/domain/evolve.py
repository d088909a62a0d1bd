"""``evolve(state, event) -> state``: what an event means."""

from collections.abc import Iterable
from functools import reduce
from typing import assert_never

from contracts.events import (
    ActivityClaimed,
    ActivityCompleted,
    ActivityJoined,
    ActivityVisited,
    AssessmentSubmitted,
    CourseCompleted,
    Event,
    LearnerEnrolled,
    LearnerUnenrolled,
    ProgressReset,
    TimeSpentRecorded,
)
from services.domain.grading import best
from services.domain.state import ActivityState, Completion, Progress


def evolve(state: Progress, event: Event) -> Progress:
    """The state after the event."""
    match event:
        case LearnerEnrolled():
            first = state.enrolled_at or event.effective_at
            return state._replace(enrolled=True, enrolled_at=first)
        case LearnerUnenrolled():
            return state._replace(enrolled=False)
        case CourseCompleted():
            return state._replace(
                completion=Completion(event.provenance, event.effective_at),
                emailed=state.emailed or event.send_completion_email,
            )
        case ProgressReset():
            return _reset(state, event)
        case _:
            changed = _activity(state.of(event.activity), event)
            return state._replace(activities={**state.activities, event.activity: changed})


def fold(state: Progress, events: Iterable[Event]) -> Progress:
    """The state after all the events, in their order."""
    return reduce(evolve, events, state)


def _activity(
    state: ActivityState,
    event: ActivityVisited
    | ActivityJoined
    | ActivityClaimed
    | TimeSpentRecorded
    | AssessmentSubmitted
    | ActivityCompleted,
) -> ActivityState:
    match event:
        case ActivityVisited():
            return state._replace(visited=True)
        case ActivityJoined():
            return state._replace(visited=True, joined=True)
        case ActivityClaimed():
            return state._replace(visited=True, claimed=True)
        case TimeSpentRecorded():
            return state._replace(time_spent=state.time_spent + event.seconds)
        case AssessmentSubmitted():
            score = best(state.score, event.score) if _may_rescore(state) else state.score
            return state._replace(visited=True, submitted=True, score=score)
        case ActivityCompleted():
            completion = Completion(event.provenance, event.effective_at)
            return state._replace(score=event.score, completion=completion)
        case _:
            assert_never(event)


def _may_rescore(state: ActivityState) -> bool:
    """A late signal never re-scores what an administrator completed (L2)."""
    return state.completion is None or state.completion.provenance == "earned"


def _reset(state: Progress, event: ProgressReset) -> Progress:
    if event.activities is None:
        return Progress(
            enrolled=state.enrolled,
            enrolled_at=state.enrolled_at,
            attempt=event.opens_attempt or state.attempt + 1,
        )
    gone = frozenset(event.activities)
    return state._replace(
        activities={id_: kept for id_, kept in state.activities.items() if id_ not in gone},
        completion=None if event.reopens_course else state.completion,
    )
