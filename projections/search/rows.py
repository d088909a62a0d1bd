"""Standings as rows, and rows as standings.

``records`` has a row for every enrolment with every completion of a learner in a course, and all
that is so now stands in each of them: whatever is asked of one record is asked of one row, so a
search joins nothing. Nearly every record is one row. ``marks`` is what restores the state.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from contracts.fields import EPOCH, Provenance
from contracts.progress import Status
from contracts.topics import Stream
from projections.definition import Change, Row, Table, Write
from projections.search.state import Completed, Standing
from services.domain.course import Course
from services.domain.state import UNTOUCHED, ActivityState, Completion, Progress
from services.domain.summary import status, summarise


class RecordRow(NamedTuple):
    """One enrolment (none: null) with one completion (none: null); both count from 1."""

    school: str
    learner: str
    course: str
    enrolment: int
    completion: int
    enrolled: bool
    attempt: int
    status: Status
    progress_rate: float
    active_on: date
    enrolled_at: datetime | None
    completed_attempt: int | None
    completed_at: datetime | None
    provenance: Provenance | None


class MarksRow(NamedTuple):
    """Activities recorded in the current attempt, open and done: ids in order, with / between."""

    school: str
    learner: str
    course: str
    open: str
    done: str


TABLES: Final = (
    Table("records", RecordRow._fields, put="put_records"),
    Table("marks", MarksRow._fields, put="put_marks"),
)
_DONE = ActivityState(completion=Completion("earned", EPOCH))
"""That an activity is complete, not how and when: a search does not ask."""


def writes(changes: Sequence[Change[Standing]]) -> list[Write]:
    """What makes the rows show the standings; parts without rows are left out."""
    parts = [
        Write("delete_records", [row for change in changes for row in _fewer(change)]),
        Write("put_records", [row for change in changes for row in _records(change)]),
        Write("put_marks", [_marks(it.stream, it.after) for it in changes if _is_marked_anew(it)]),
    ]
    return [part for part in parts if part.rows]


def restore(rows: Mapping[str, Sequence[Row]]) -> dict[Stream, Standing]:
    """The standings that the rows stand for."""
    records: dict[Stream, list[RecordRow]] = {}
    for row in map(RecordRow._make, rows["records"]):
        records.setdefault(Stream(*row[:3]), []).append(row)
    marks = {Stream(*row[:3]): MarksRow._make(row) for row in rows["marks"]}
    return {stream: _standing(found, marks[stream]) for stream, found in records.items()}


def _records(change: Change[Standing]) -> Iterator[Row]:
    stream, _, after, course = change
    progress = after.progress
    now = (
        progress.enrolled,
        progress.attempt,
        status(progress),
        _rate(progress, course),
        after.active_on,
    )
    for enrolment, enrolled_at in enumerate(after.enrolments or (None,), 1):
        for completion, completed in enumerate(after.completions or (None,), 1):
            ever = (enrolled_at, *(completed or (None, None, None)))
            yield (*stream, enrolment, completion, *now, *ever)


def _fewer(change: Change[Standing]) -> Iterator[Row]:
    """How many enrolments and completions are left, where an undo took some."""
    stream, before, after, _ = change
    if before is None:
        return
    had, left = _sizes(before), _sizes(after)
    if left[0] < had[0] or left[1] < had[1]:
        yield (*stream, *left)


def _sizes(standing: Standing) -> tuple[int, int]:
    """Rows by enrolment and by completion: one for none."""
    return max(1, len(standing.enrolments)), max(1, len(standing.completions))


def _rate(progress: Progress, course: Course | None) -> float:
    """Without a structure nothing is required yet."""
    return 0.0 if course is None else summarise(progress, course).progress_rate


def _is_marked_anew(change: Change[Standing]) -> bool:
    _, before, after, _ = change
    return before is None or (
        before is not after and _open_and_done(before) != _open_and_done(after)
    )


def _marks(stream: Stream, standing: Standing) -> Row:
    return (*stream, *("/".join(ids) for ids in _open_and_done(standing)))


def _open_and_done(standing: Standing) -> tuple[list[str], list[str]]:
    activities = standing.progress.activities
    done = [id_ for id_, it in activities.items() if it.completion is not None]
    return sorted(activities.keys() - set(done)), sorted(done)


def _standing(rows: Sequence[RecordRow], marks: MarksRow) -> Standing:
    """Of the rows, those with the first completion have each enrolment, and the other way round."""
    in_order = sorted(rows)
    enrolments = [it.enrolled_at for it in in_order if it.completion == 1]
    completions = [_completed(it) for it in in_order if it.enrolment == 1]
    known = tuple(it for it in completions if it is not None)
    row = in_order[0]
    return Standing(
        Progress(
            enrolled=row.enrolled,
            enrolled_at=row.enrolled_at,
            attempt=row.attempt,
            activities=_activities(marks),
            completion=_standing_completion(row.status, known),
        ),
        row.active_on,
        tuple(it for it in enrolments if it is not None),
        known,
    )


def _completed(row: RecordRow) -> Completed | None:
    if row.completed_attempt is None or row.completed_at is None or row.provenance is None:
        return None
    return Completed(row.completed_attempt, row.completed_at, row.provenance)


def _standing_completion(now: Status, ever: Sequence[Completed]) -> Completion | None:
    """A course that is complete now was completed last by the last of its completions."""
    return Completion(ever[-1].provenance, ever[-1].at) if now == "completed" else None


def _activities(marks: MarksRow) -> dict[str, ActivityState]:
    return dict.fromkeys(_ids(marks.open), UNTOUCHED) | dict.fromkeys(_ids(marks.done), _DONE)


def _ids(joined: str) -> list[str]:
    return joined.split("/") if joined else []
