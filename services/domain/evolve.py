"""``evolve(state, event) -> state``: what an event means."""

from collections.abc import Iterable
from typing import assert_never

from contracts.events import (
    ActivityClaimed,
    ActivityCompleted,
    ActivityEvent,
    ActivityJoined,
    ActivityVisited,
    AssessmentSubmitted,
    CourseCompleted,
    Event,
    LearnerEnrolled,
    LearnerUnenrolled,
    ProgressReset,
    RestoredActivity,
    RestoredCompletion,
    Revoked,
    TimeSpentRecorded,
)
from services.domain.grading import best
from services.domain.state import UNTOUCHED, ActivityState, Completion, Progress


def evolve(state: Progress, event: Event) -> Progress:
    """The state after the event."""
    return fold(state, (event,))


def fold(state: Progress, events: Iterable[Event]) -> Progress:
    """The state after all the events, in their order; activities are copied once for all."""
    activities = dict(state.activities)
    for event in events:
        if isinstance(event, ActivityEvent):
            known = activities.get(event.activity, UNTOUCHED)
            activities[event.activity] = _activity(known, event)
        elif isinstance(event, ProgressReset):
            state = _reset(state, event)
            _forget(activities, event)
        elif isinstance(event, Revoked):
            state = _restored(state, event)
            _restore(activities, event)
        else:
            state = _course(state, event)
    return state._replace(activities=activities)


def _course(
    state: Progress, event: LearnerEnrolled | LearnerUnenrolled | CourseCompleted
) -> Progress:
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
        case _:
            assert_never(event)


def _activity(
    state: ActivityState,
    event: ActivityCompleted
    | AssessmentSubmitted
    | TimeSpentRecorded
    | ActivityVisited
    | ActivityJoined
    | ActivityClaimed,
) -> ActivityState:
    match event:
        case ActivityCompleted():
            completion = Completion(event.provenance, event.effective_at)
            return state._replace(score=event.score, completion=completion)
        case AssessmentSubmitted():
            score = best(state.score, event.score) if _may_rescore(state) else state.score
            return state._replace(visited=True, submitted=True, score=score)
        case TimeSpentRecorded():
            return state._replace(time_spent=state.time_spent + event.seconds)
        case ActivityVisited():
            return state._replace(visited=True)
        case ActivityJoined():
            return state._replace(visited=True, joined=True)
        case ActivityClaimed():
            return state._replace(visited=True, claimed=True)
        case _:
            assert_never(event)


def _may_rescore(state: ActivityState) -> bool:
    """A late signal never re-scores what an administrator completed (L2)."""
    return state.completion is None or state.completion.provenance == "earned"


def _reset(state: Progress, event: ProgressReset) -> Progress:
    if event.activities is None:
        attempt = event.opens_attempt or state.attempt + 1
        return Progress(
            enrolled=state.enrolled,
            enrolled_at=state.enrolled_at,
            attempt=attempt,
            opened=max(state.opened, attempt),
        )
    return state._replace(completion=None) if event.reopens_course else state


def _forget(activities: dict[str, ActivityState], event: ProgressReset) -> None:
    """Take out what was reset, in place."""
    for activity in list(activities) if event.activities is None else event.activities:
        activities.pop(activity, None)


def _restored(state: Progress, event: Revoked) -> Progress:
    """As the undo says; it says all that is not about an activity."""
    return state._replace(
        enrolled=event.enrolled,
        enrolled_at=event.enrolled_at,
        attempt=event.attempt,
        completion=_again(event.completion),
        emailed=event.emailed,
    )


def _restore(activities: dict[str, ActivityState], event: Revoked) -> None:
    """Put in, and take out, what the undo names, in place."""
    for restored in event.activities:
        activities.pop(restored.activity, None)
        if restored.recorded:
            activities[restored.activity] = _restored_activity(restored)


def _restored_activity(restored: RestoredActivity) -> ActivityState:
    return ActivityState(
        visited=restored.visited,
        joined=restored.joined,
        claimed=restored.claimed,
        submitted=restored.submitted,
        score=restored.score,
        time_spent=restored.time_spent,
        completion=_again(restored.completion),
    )


def _again(completion: RestoredCompletion | None) -> Completion | None:
    return (
        None if completion is None else Completion(completion.provenance, completion.effective_at)
    )
