"""Drafts of events: their own fields; the spec adds those that every event carries.

`on` overrides when it was achieved, which is else the moment of its command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

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
    ResetRevoked,
    RestoredCompletion,
    TimeSpentRecorded,
    UndoneEvent,
)
from contracts.registry import name_of
from tests.support.school import day

if TYPE_CHECKING:
    from contracts.fields import Provenance


class Draft(NamedTuple):
    """An event without the fields that all events have."""

    model: type[Event]
    fields: dict[str, Any]

    def completed(self, common: dict[str, Any]) -> Event:
        """The event; what the draft says wins."""
        return self.model(**common | self.fields)


def draft(model: type[Event], on: float | None = None, **fields: Any) -> Draft:
    return Draft(model, fields if on is None else fields | {"effective_at": day(on)})


def enrolled(on: float | None = None) -> Draft:
    return draft(LearnerEnrolled, on)


def unenrolled() -> Draft:
    return draft(LearnerUnenrolled)


def visited(id_: str) -> Draft:
    return draft(ActivityVisited, activity=id_)


def joined(id_: str) -> Draft:
    return draft(ActivityJoined, activity=id_)


def claimed(id_: str) -> Draft:
    return draft(ActivityClaimed, activity=id_)


def spent(id_: str, seconds: int) -> Draft:
    return draft(TimeSpentRecorded, activity=id_, seconds=seconds)


def submitted(id_: str, score: float | None = None, *, passed: bool | None = None) -> Draft:
    return draft(AssessmentSubmitted, activity=id_, score=score, passed=passed)


def _completed(provenance: Provenance, id_: str, type_: str, **fields: Any) -> Draft:
    manually = provenance == "manual"
    return draft(
        ActivityCompleted,
        activity=id_,
        activity_type=type_,
        provenance=provenance,
        manually_completed=manually,
        **fields,
    )


def earned(
    id_: str, type_: str = "video", score: float | None = None, on: float | None = None
) -> Draft:
    return _completed("earned", id_, type_, score=score, on=on)


def marked(
    id_: str, type_: str = "video", score: float | None = None, on: float | None = None
) -> Draft:
    return _completed("manual", id_, type_, score=score, on=on)


def imported(
    id_: str, type_: str = "video", score: float | None = None, on: float | None = None
) -> Draft:
    return _completed("imported", id_, type_, score=score, on=on)


def course_completed(
    provenance: Provenance,
    cause: str = "activity",
    *,
    average: float | None = None,
    email: bool = False,
    on: float | None = None,
) -> Draft:
    return draft(
        CourseCompleted,
        on,
        provenance=provenance,
        manually_completed=provenance == "manual",
        average_score=average,
        cause=cause,
        send_completion_email=email,
    )


def activities_reset(*activities: str, reopens: bool = False) -> Draft:
    return draft(ProgressReset, activities=activities, reopens_course=reopens)


def course_reset(opens: int, *, reopens: bool = False) -> Draft:
    return draft(ProgressReset, opens_attempt=opens, reopens_course=reopens)


def reset_revoked(
    undone: int, *also: tuple[int, type[Event], dict[str, Any]], complete: bool, completions: int
) -> Draft:
    """An undo of a reset, by its version, and of what stands on it, with what that said.

    The course is complete again, or stays open.
    """
    again = RestoredCompletion(provenance="earned", effective_at=day(1))
    gone = ((undone, ProgressReset, {}), *also)
    usual: dict[str, Any] = {"attempt": 1, "effective_at": day(1)}
    return draft(
        ResetRevoked,
        undoes=("c-0",),
        undone=tuple(
            UndoneEvent(version=version, type=name_of(model), **usual | fields)
            for version, model, fields in gone
        ),
        completion=again if complete else None,
        enrolled=True,
        enrolled_at=day(1),
        emailed=False,
        began_at=day(1),
        attempt_completed=completions > 0,
        completions=completions,
        enrolments=1,
    )
