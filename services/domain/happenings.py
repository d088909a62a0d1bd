"""What an event means to webhooks and to Zapier: one happening, two for a certificate, or none.

Pure, and blind to who did it: an administrator's mark leads to the same happenings as an earned
completion, told from it by ``manually_completed`` and ``provenance`` alone (M11).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from contracts.events import (
    ActivityCompleted,
    CourseCompleted,
    LearnerEnrolled,
    LearnerUnenrolled,
    LearningProgramCompleted,
    Logged,
    ProgressEvent,
    ProgressReset,
    RecertificationAnnounced,
    Revoked,
)
from contracts.fields import Provenance
from contracts.model import Contract
from contracts.registry import UNDOS, name_of
from contracts.topics import Stream
from contracts.topics import event_id as id_of
from contracts.webhooks import Trigger

CERTIFICATE = "certificate"
"""The type of an activity whose completion awards one."""
_TOLD: tuple[type[Contract], ...] = (
    LearnerEnrolled,
    LearnerUnenrolled,
    ActivityCompleted,
    CourseCompleted,
    ProgressReset,
    LearningProgramCompleted,
    RecertificationAnnounced,
)
TYPES = (*map(name_of, _TOLD), *UNDOS)
"""The events that mean anything."""


class Happening(NamedTuple):
    """One message's worth, under the message's own id; fields that an event has not are none.

    ``score`` is the activity's; ``activities``: of a reset, none where the course was reset;
    of an undo, those that it changed. ``undone``: ids of the events that count no more, of those
    that were told; ``provenance`` and ``completed_at`` of an undo are of the course as it stands
    then, and it is nobody's completion (B7).
    """

    id: str
    trigger: Trigger
    event_id: str
    school: str
    learner: str
    occurred_at: datetime
    batch_id: str | None
    correlation_id: str | None
    attempt: int | None = None
    course: str | None = None
    activity: str | None = None
    activity_type: str | None = None
    program: str | None = None
    score: float | None = None
    average_score: float | None = None
    activities: tuple[str, ...] | None = None
    manually_completed: bool | None = None
    provenance: Provenance | None = None
    completed_at: datetime | None = None
    undone: tuple[str, ...] | None = None
    due_at: datetime | None = None


def happenings(event: Logged, event_id: str) -> Iterator[Happening]:
    """What the event means, in the order in which it is told."""
    match event:
        case CourseCompleted():
            yield _completed("course_completed", event, event_id)._replace(
                average_score=event.average_score
            )
        case ActivityCompleted():
            yield _activity("activity_completed", event, event_id)
            if event.activity_type == CERTIFICATE:
                yield _activity("certificate_awarded", event, event_id)
        case LearnerEnrolled():
            yield _of_course("enrolled", event, event_id)
        case LearnerUnenrolled():
            yield _of_course("unenrolled_from_product", event, event_id)
        case ProgressReset():
            yield _of_course("progress_reset", event, event_id)._replace(
                activities=event.activities
            )
        case Revoked():
            yield _revoked(event, event_id)
        case RecertificationAnnounced():
            yield _announced(event, event_id)
        case LearningProgramCompleted():
            yield _program(event, event_id)
        case _:
            return


def _told(
    trigger: Trigger,
    event: ProgressEvent | LearningProgramCompleted | RecertificationAnnounced,
    event_id: str,
    **more: Any,
) -> Happening:
    return Happening(
        id=_id(event_id, trigger),
        trigger=trigger,
        event_id=event_id,
        school=event.school,
        learner=event.learner,
        occurred_at=event.recorded_at,
        **more,
    )


def _of_course(trigger: Trigger, event: ProgressEvent, event_id: str) -> Happening:
    return _told(
        trigger,
        event,
        event_id,
        batch_id=event.batch_id,
        correlation_id=event.correlation_id,
        attempt=event.attempt,
        course=event.course,
    )


def _revoked(event: Revoked, event_id: str) -> Happening:
    stream = str(Stream(event.school, event.learner, event.course))
    undone = (id_of(stream, it.version) for it in event.undone if it.type in TYPES)
    told = _of_course("completion_revoked", event, event_id)._replace(
        activities=tuple(it.activity for it in event.activities) or None,
        undone=tuple(undone) or None,
    )
    stands = event.completion
    if stands is None:
        return told
    return told._replace(provenance=stands.provenance, completed_at=stands.effective_at)


def _completed(
    trigger: Trigger, event: CourseCompleted | ActivityCompleted, event_id: str
) -> Happening:
    return _of_course(trigger, event, event_id)._replace(
        manually_completed=event.manually_completed,
        provenance=event.provenance,
        completed_at=event.effective_at,
    )


def _activity(trigger: Trigger, event: ActivityCompleted, event_id: str) -> Happening:
    return _completed(trigger, event, event_id)._replace(
        activity=event.activity, activity_type=event.activity_type, score=event.score
    )


def _announced(event: RecertificationAnnounced, event_id: str) -> Happening:
    return _told(
        "recertification_due",
        event,
        event_id,
        batch_id=None,
        correlation_id=None,
        attempt=event.attempt,
        course=event.course,
        due_at=event.due_at,
    )


def _program(event: LearningProgramCompleted, event_id: str) -> Happening:
    return _told(
        "learning_program_completed",
        event,
        event_id,
        batch_id=event.batch_id,
        correlation_id=event.correlation_id,
        program=event.program,
        manually_completed=event.manually_completed,
        provenance=event.provenance,
        completed_at=event.effective_at,
    )


def _id(event_id: str, trigger: Trigger) -> str:
    """Follows from event and trigger, for ever; ASCII, so that it fits an HTTP header."""
    return f"msg_{uuid5(NAMESPACE_URL, f'coursemark:{event_id}:{trigger}').hex}"
