"""The event of an undo: how the record stands without what is undone (B7)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from contracts.events import (
    ActivityEvent,
    CompletionRevoked,
    CourseCompleted,
    EnrolmentRevoked,
    Event,
    LearnerEnrolled,
    ProgressReset,
    ResetRevoked,
    RestoredActivity,
    RestoredCompletion,
    UndoneEvent,
)
from contracts.registry import name_of
from services.domain.decision import Case
from services.domain.history import Placed, folded
from services.domain.state import ActivityState, Completion, Progress

Undo = CompletionRevoked | ResetRevoked | EnrolmentRevoked


def revoked(case: Case, kind: type[Undo], gone: Sequence[Placed], left: Sequence[Placed]) -> Undo:
    """The event that turns the state into that of the events that are ``left``.

    It names only the activities that stand otherwise now.
    """
    after = folded(left)
    fields: dict[str, Any] = case.common | {
        "attempt": after.attempt,
        "undoes": tuple(dict.fromkeys(it.event.command_id for it in gone)),
        "undone": tuple(map(_undone, gone)),
        "activities": tuple(_changed(case.state, after)),
        "completion": _completion(after.completion),
        "enrolled": after.enrolled,
        "enrolled_at": after.enrolled_at,
        "emailed": _emailed(case.context.history, after.attempt),
        "began_at": _began(left, after.attempt),
        "attempt_completed": any(_completes(it.event, after.attempt) for it in left),
        "completions": sum(isinstance(it.event, CourseCompleted) for it in left),
        "enrolments": sum(isinstance(it.event, LearnerEnrolled) for it in left),
    }
    return kind(**fields)


def kind_of(asked: Sequence[Placed]) -> type[Undo]:
    """By the widest of what was asked to be undone: an enrolment, then a reset."""
    types = {type(it.event) for it in asked}
    if LearnerEnrolled in types:
        return EnrolmentRevoked
    return ResetRevoked if ProgressReset in types else CompletionRevoked


def _emailed(history: Sequence[Event], attempt: int) -> bool:
    """Whether the attempt's e-mail was ever asked for: what was sent stays sent (M5)."""
    return any(
        isinstance(event, CourseCompleted)
        and event.send_completion_email
        and event.attempt == attempt
        for event in history
    )


def _completes(event: Event, attempt: int) -> bool:
    return isinstance(event, CourseCompleted) and event.attempt == attempt


def _began(left: Sequence[Placed], attempt: int) -> datetime | None:
    """None where nobody is enrolled any more."""
    begins = (
        event.effective_at
        for _, event in left
        if (isinstance(event, LearnerEnrolled) and attempt == 1)
        or (isinstance(event, ProgressReset) and event.opens_attempt == attempt)
    )
    return next(begins, None)


def _undone(placed: Placed) -> UndoneEvent:
    version, event = placed
    score = event.average_score if isinstance(event, CourseCompleted) else None
    return UndoneEvent(
        version=version,
        type=name_of(event),
        activity=event.activity if isinstance(event, ActivityEvent) else None,
        attempt=event.attempt,
        score=getattr(event, "score", score),
        passed=getattr(event, "passed", None),
        provenance=getattr(event, "provenance", None),
        cause=getattr(event, "cause", None),
        opens_attempt=getattr(event, "opens_attempt", None),
        actor=event.actor,
        effective_at=event.effective_at,
    )


def _changed(before: Progress, after: Progress) -> Iterator[RestoredActivity]:
    """The activities that stand otherwise, in order of their ids."""
    for activity in sorted(before.activities.keys() | after.activities.keys()):
        state = after.activities.get(activity)
        if before.activities.get(activity) != state:
            yield _restored(activity, state)


def _restored(activity: str, state: ActivityState | None) -> RestoredActivity:
    if state is None:
        return RestoredActivity(activity=activity, recorded=False)
    fields = state._asdict() | {"completion": _completion(state.completion)}
    return RestoredActivity(activity=activity, recorded=True, **fields)


def _completion(completion: Completion | None) -> RestoredCompletion | None:
    return None if completion is None else RestoredCompletion(**completion._asdict())
