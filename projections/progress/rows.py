"""Records as rows, and rows as records.

Rows go out as plain tuples in the order of ``tables``' classes, which costs half as much.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from contracts.fields import Provenance
from contracts.topics import Stream
from projections.definition import Change, Row, Write
from projections.progress.state import ClosedAttempt, Record
from projections.progress.tables import ActivityRow, CourseRow
from services.domain.course import Course
from services.domain.grading import average
from services.domain.state import UNTOUCHED, ActivityState, Completion, Progress
from services.domain.summary import Summary, status, summarise


def writes(changes: Sequence[Change[Record]]) -> list[Write]:
    """What makes the rows show the records; parts without rows are left out."""
    closed = [(change.stream, it) for change in changes for it in _closed(change)]
    parts = [
        Write("put_courses", [_course(it.stream, it.after, it.course) for it in changes]),
        Write("put_activities", [row for it in changes for row in _changed(it)]),
        Write("delete_activities", [row for it in changes for row in _gone(it)]),
        Write("delete_attempts", [row for it in changes for row in _reopened(it)]),
        Write("put_attempts", [_attempt(stream, it) for stream, it in closed]),
        Write(
            "put_attempt_activities",
            [row for stream, it in closed for row in _attempt_activities(stream, it)],
        ),
    ]
    return [part for part in parts if part.rows]


def restore(rows: Mapping[str, Sequence[Row]]) -> dict[Stream, Record]:
    """The records that the rows of ``courses`` and ``activities`` stand for."""
    activities: dict[Stream, dict[str, ActivityState]] = {}
    ever: dict[Stream, dict[str, int]] = {}
    for activity in map(ActivityRow._make, rows["activities"]):
        stream = Stream(activity.school, activity.learner, activity.course)
        if activity.recorded:
            activities.setdefault(stream, {})[activity.activity] = _activity_state(activity)
        if activity.time_spent_ever:
            ever.setdefault(stream, {})[activity.activity] = activity.time_spent_ever
    records = {}
    for row in map(CourseRow._make, rows["courses"]):
        stream = Stream(row.school, row.learner, row.course)
        progress = _progress(row, activities.get(stream, {}))
        records[stream] = Record(row.version, progress, ever.get(stream, {}))
    return records


def _progress(row: CourseRow, activities: dict[str, ActivityState]) -> Progress:
    return Progress(
        enrolled=row.enrolled,
        enrolled_at=row.enrolled_at,
        attempt=row.attempt,
        activities=activities,
        completion=_completion(row.provenance, row.completed_at),
        emailed=row.emailed,
    )


def _activity_state(row: ActivityRow) -> ActivityState:
    return ActivityState(
        visited=row.visited,
        joined=row.joined,
        claimed=row.claimed,
        submitted=row.submitted,
        score=row.score,
        time_spent=row.time_spent,
        completion=_completion(row.provenance, row.completed_at),
    )


def _course(stream: Stream, record: Record, course: Course | None) -> Row:
    progress = record.progress
    return (
        *stream,
        record.version,
        0 if course is None else course.version,
        progress.enrolled,
        progress.enrolled_at,
        progress.attempt,
        *_summary(progress, course),
        sum(record.time_ever.values()),
        *_completed(progress.completion),
        progress.emailed,
    )


def _summary(progress: Progress, course: Course | None) -> Summary:
    """Without a structure nothing is required yet, and every score counts."""
    if course is not None:
        return summarise(progress, course)
    return Summary(status(progress), 0.0, 0, 0, _average(progress), _time_spent(progress))


def _changed(change: Change[Record]) -> Iterator[Row]:
    """Rows of the activities that differ; one that did not change is the same object."""
    stream, before, after, _ = change
    if before is after:
        return
    old = before or Record()
    then, ever = old.progress.activities, old.time_ever
    now = after.progress.activities
    for activity, state in now.items():
        if then.get(activity) is not state:
            yield _activity(stream, activity, state, after)
    for activity, seconds in after.time_ever.items():
        if activity not in now and (activity in then or ever.get(activity) != seconds):
            yield _activity(stream, activity, None, after)


def _gone(change: Change[Record]) -> Iterator[Row]:
    """Activities reset to nothing, on which no time was ever spent."""
    stream, before, after, _ = change
    if before is None or before is after:
        return
    for activity in before.progress.activities.keys() - after.progress.activities.keys():
        if activity not in after.time_ever:
            yield (*stream, activity)


def _activity(stream: Stream, activity: str, recorded: ActivityState | None, to: Record) -> Row:
    state = recorded or UNTOUCHED
    return (
        *stream,
        activity,
        recorded is not None,
        state.visited,
        state.joined,
        state.claimed,
        state.submitted,
        state.score,
        state.time_spent,
        to.time_ever.get(activity, 0),
        *_completed(state.completion),
    )


def _reopened(change: Change[Record]) -> Iterator[Row]:
    """The attempt that an undo went back to; where there are no rows yet, none is to go."""
    stream, before, after, _ = change
    if before is not None and before is not after and after.reopened is not None:
        yield (*stream, after.reopened)


def _closed(change: Change[Record]) -> Iterable[ClosedAttempt]:
    return () if change.after is change.before else change.after.closed


def _attempt(stream: Stream, closed: ClosedAttempt) -> Row:
    progress = closed.progress
    return (
        *stream,
        progress.attempt,
        status(progress),
        _average(progress),
        _time_spent(progress),
        *_completed(progress.completion),
        closed.closed_at,
    )


def _attempt_activities(stream: Stream, closed: ClosedAttempt) -> Iterator[Row]:
    for activity, state in closed.progress.activities.items():
        yield (
            *stream,
            closed.progress.attempt,
            activity,
            state.score,
            state.time_spent,
            *_completed(state.completion),
        )


def _average(progress: Progress) -> float | None:
    """In order of the ids, whichever order the activities came in: a sum depends on it."""
    return average(progress.activities[id_].score for id_ in sorted(progress.activities))


def _time_spent(progress: Progress) -> int:
    return sum(activity.time_spent for activity in progress.activities.values())


def _completed(completion: Completion | None) -> Completion | tuple[None, None]:
    return (None, None) if completion is None else completion


def _completion(provenance: Provenance | None, at: datetime | None) -> Completion | None:
    return None if provenance is None or at is None else Completion(provenance, at)
