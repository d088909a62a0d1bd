"""Reports and insights worked out from a whole log, table by table, with nothing of ours.

Nothing is folded: every figure is a look at all events that were not undone; only time ever spent
is of all (R3). Attempts are told by their number.
Totals have the shape of `counting`: by key and the name of the sum.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from contracts.events import (
    ActivityCompleted,
    AssessmentSubmitted,
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
)

if TYPE_CHECKING:
    from datetime import date

    from contracts.topics import Stream
    from tests.support.decided import Log

Totals = dict[str, Counter[tuple[Any, ...]]]


def counting(log: Log) -> Log:
    """What was not undone (B7), undos included."""
    undone = {
        (stream, it.version)
        for stream, event in log
        if isinstance(event, Revoked)
        for it in event.undone
    }
    versions = Counter["Stream"]()
    left = []
    for stream, event in log:
        versions[stream] += 1
        if (stream, versions[stream]) not in undone:
            left.append((stream, event))
    return left


def time_spent(log: Log) -> Counter[tuple[str, str, str, str, date]]:
    """Seconds by learner, course, activity and month."""
    found = Counter[tuple[str, str, str, str, "date"]]()
    for stream, event in log:
        if isinstance(event, TimeSpentRecorded):
            day = event.effective_at.date()
            found[*stream, event.activity, day.replace(day=1)] += event.seconds
    return found


def reports(log: Log) -> Totals:
    """The totals of the reports."""
    time = Counter[tuple[Any, ...]]()
    for (school, _, course, activity, month), seconds in time_spent(log).items():
        time[school, course, activity, month, "seconds"] += seconds
    daily = Counter[tuple[Any, ...]]()
    for stream, event in counting(log):
        kind = KINDS.get(type(event))
        if isinstance(event, ProgressReset):
            kind = "activities_reset" if event.activities else "course_reset"
        if kind is not None:
            day = event.effective_at.date()
            provenance = getattr(event, "provenance", "")
            key = (stream.school, kind, day, stream.course, provenance, administrator(event))
            daily[*key, "number"] += 1
    return {"time_totals": time, "daily": daily}


KINDS: dict[type[Event], str] = {
    LearnerEnrolled: "enrolled",
    LearnerUnenrolled: "unenrolled",
    ActivityCompleted: "activity_completed",
    CourseCompleted: "course_completed",
    CompletionRevoked: "completion_revoked",
    ResetRevoked: "reset_revoked",
    EnrolmentRevoked: "enrolment_revoked",
}


def administrator(event: Event) -> str:
    """Nobody where the learner did it, or a structure change."""
    by_learner = (
        isinstance(event, LearnerEnrolled | LearnerUnenrolled) and event.actor == event.learner
    )
    earned = getattr(event, "provenance", None) == "earned"
    by_structure = getattr(event, "cause", None) == "structure_change"
    return "" if by_learner or earned or by_structure else event.actor or ""


def insights(log: Log) -> Totals:
    """The totals of the insights."""
    left = counting(log)
    funnel, activities = Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]]()
    for stream in {stream for stream, _ in left}:
        events = [event for of, event in left if of == stream]
        of = stream.school, stream.course
        funnel[*of, "enrolled"] += any(isinstance(it, LearnerEnrolled) for it in events)
        funnel[*of, "completed"] += any(isinstance(it, CourseCompleted) for it in events)
        did = {it.activity for it in events if hasattr(it, "activity")}
        done = {it.activity for it in events if isinstance(it, ActivityCompleted)}
        funnel[*of, "started"] += bool(did) or any(isinstance(it, CourseCompleted) for it in events)
        for activity in did:
            activities[*of, activity, "started"] += 1
            activities[*of, activity, "completed"] += activity in done
    return {
        "funnel": funnel,
        "activity_funnel": activities,
        "scores": _scores(left),
        "days": Counter((*key, days, "attempts") for *key, days in attempts(log)),
    }


def attempts(log: Log) -> list[tuple[str, str, int]]:
    """School, course and days of each attempt that was completed."""
    found = []
    left = counting(log)
    for stream in {stream for stream, _ in left}:
        events = [event for of, event in left if of == stream]
        for number in {event.attempt for event in events}:
            completed = [
                it for it in events if isinstance(it, CourseCompleted) and it.attempt == number
            ]
            if completed:
                took = completed[0].effective_at - _began(events, number)
                found.append((stream.school, stream.course, max(0, took.days)))
    return found


def _began(events: list[Event], attempt: int) -> Any:
    if attempt == 1:
        return next(it.effective_at for it in events if isinstance(it, LearnerEnrolled))
    return next(
        it.effective_at
        for it in events
        if isinstance(it, ProgressReset) and it.opens_attempt == attempt
    )


def _scores(log: Log) -> Counter[tuple[Any, ...]]:
    found = Counter[tuple[Any, ...]]()
    for stream, event in log:
        match event:
            case CourseCompleted():
                what, score = ("course", "", event.provenance), event.average_score
            case ActivityCompleted():
                what, score = ("activity", event.activity, event.provenance), event.score
            case AssessmentSubmitted():
                what, score = ("submission", event.activity, ""), event.score
            case _:
                continue
        if score is not None:
            bucket = 95 if score == 100 else int(score / 5) * 5
            key = stream.school, stream.course, *what, bucket
            found[*key, "number"] += 1
            found[*key, "millionths"] += round(score * 10**6)
    return found
