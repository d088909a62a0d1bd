"""One row per event of a learner: who did what to whom, when, why, from where; ids only."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from contracts.events import (
    ActivityCompleted,
    ActivityEvent,
    AssessmentSubmitted,
    CourseCompleted,
    Event,
    LearningProgramCompleted,
    ProgressReset,
    RecertificationAnnounced,
    Revoked,
    TimeSpentRecorded,
)
from contracts.fields import Provenance, Reason, Source
from projections.definition import Change, Recorded, Row, Table, Write


class EntryRow(NamedTuple):
    """An event. ``activities``: none where the whole course is meant; ``seconds`` of time spent.

    ``program``: the learning programme that was completed; such an event has no attempt, and
    stands in the learner's stream of programmes. ``due_course``: the course whose completion has to
    be renewed at ``due_at`` by the ``schedule``; that stands in a stream of its own, too.
    ``takes_back``: of an undo, the versions in the stream of the events that count no more (B7).
    """

    school: str
    learner: str
    course: str
    version: int
    transaction_id: int
    notification_id: int
    type: str
    attempt: int | None
    activities: Sequence[str] | None
    score: float | None
    seconds: int | None
    provenance: Provenance | None
    recorded_at: datetime
    effective_at: datetime
    actor: str | None
    reason: Reason | None
    note: str | None
    source: Source
    command_id: str
    batch_id: str | None
    correlation_id: str | None
    program: str | None
    due_course: str | None
    due_at: datetime | None
    schedule: str | None
    takes_back: Sequence[int] | None


ENTRIES: Final = Table("entries", EntryRow._fields)

_NOT_DUE: Final = (None, None, None)
_TAKES_NOTHING_BACK: Final = (None,)
Entries = Sequence[Recorded]
"""The new events of a stream: the log of events needs no more of a state."""


def fold(_before: Entries | None, events: Entries) -> Entries:
    """The new events themselves."""
    return events


def writes(changes: Sequence[Change[Entries]]) -> list[Write]:
    """A row for each event, in the order of each stream."""
    return [Write("entries", [row for change in changes for row in _entries(change)])]


def _entries(change: Change[Entries]) -> Iterator[Row]:
    for recorded in change.after:
        event = recorded.logged
        place = *change.stream, recorded.version, *recorded.position, recorded.type
        if isinstance(event, LearningProgramCompleted):
            yield (
                *place,
                *(None, None, None, None),
                event.provenance,
                event.recorded_at,
                event.effective_at,
                *(None, None, None),
                *_by(event),
                event.program,
                *_NOT_DUE,
                *_TAKES_NOTHING_BACK,
            )
        elif isinstance(event, RecertificationAnnounced):
            yield (
                *place,
                event.attempt,
                *(None, None, None, None),
                event.recorded_at,
                event.effective_at,
                *(None, None, None),
                *(event.source, event.command_id, None, None, None),
                *(event.course, event.due_at, event.schedule),
                *_TAKES_NOTHING_BACK,
            )
        else:
            yield *place, *_of_course(recorded.event)


def _of_course(event: Event) -> Row:
    return (
        event.attempt,
        *_what(event),
        event.recorded_at,
        event.effective_at,
        event.actor,
        event.reason,
        event.note,
        *_by(event),
        None,
        *_NOT_DUE,
        [it.version for it in event.undone] if isinstance(event, Revoked) else None,
    )


def _by(event: Event | LearningProgramCompleted) -> Row:
    """From where it came, by which command, of which operation and cause."""
    return event.source, event.command_id, event.batch_id, event.correlation_id


def _what(event: Event) -> Row:
    """Activities (none: the course), score, seconds, provenance."""
    match event:
        case ActivityCompleted():
            return [event.activity], event.score, None, event.provenance
        case AssessmentSubmitted():
            return [event.activity], event.score, None, None
        case TimeSpentRecorded():
            return [event.activity], None, event.seconds, None
        case ActivityEvent():
            return [event.activity], None, None, None
        case CourseCompleted():
            return None, event.average_score, None, event.provenance
        case ProgressReset(activities=tuple() as activities):
            return [*activities], None, None, None
        case Revoked(activities=activities) if activities:
            return [it.activity for it in activities], None, None, None
        case _:
            return None, None, None, None
