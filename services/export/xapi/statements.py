"""What an event says in xAPI: pure, and under an id that follows from the event's.

| event | statement |
| --- | --- |
| activity_completed, earned or imported | completed the activity |
| activity_completed, by an administrator or waived | waived it, with cmi5's reason |
| assessment_submitted with a pass mark | passed or failed the activity |
| course_completed | satisfied the course |
| an undo | voided the statement of each undone event that had one |

The others have no verb of cmi5's: who is enrolled is no statement there, a submission without a
pass mark is neither passed nor failed, and a reset takes nothing back of what was done before. It
shows in the registration, which is one for each attempt. Programmes are not among cmi5's things.

What was undone never was (B7), so its statement was wrong, and is voided (xAPI part 2 §2.3.2) by
the administrator who undid it; cmi5 lets nobody do that but the learning management system (6.3).
A store takes it whether or not it has the statement.

The statements are "cmi5 allowed", not "cmi5 defined" (cmi5 7.1.3): no launched session stands
behind them, and so a score may stand with any verb. They hold ids, no names and no notes.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, assert_never
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from contracts.envelope import timestamp
from contracts.events import (
    ActivityClaimed,
    ActivityCompleted,
    ActivityEvent,
    ActivityJoined,
    ActivityVisited,
    AssessmentSubmitted,
    CourseCompleted,
    CourseStructurePublished,
    Event,
    LearnerEnrolled,
    LearnerUnenrolled,
    LearningProgramCompleted,
    LearningProgramPublished,
    Logged,
    ProgressEvent,
    ProgressReset,
    RecertificationAnnounced,
    Revoked,
    TimeSpentRecorded,
    UndoneEvent,
)
from contracts.registry import name_of
from contracts.topics import Stream
from contracts.topics import event_id as id_of
from services.export.xapi.words import (
    COMPLETED,
    COURSE_TYPE,
    FAILED,
    OURS,
    PASSED,
    REASONS,
    SATISFIED,
    VOIDED,
    WAIVED,
    WAIVED_BECAUSE,
    Verb,
)

Statement = dict[str, Any]
HIGHEST = 100.0
"""Points."""
_COMPLETIONS = frozenset({name_of(ActivityCompleted), name_of(CourseCompleted)})
_SUBMISSION = name_of(AssessmentSubmitted)


def statements(
    event: Logged, event_id: str, home: str, types: Collection[str] | None = None
) -> list[Statement]:
    """What an event says: one statement, or none; an undo voids any number.

    ``home`` is the IRL under which schools, courses and learners have their names; ``types``: of
    which events there are statements at all, none for every type.
    """
    if isinstance(event, Revoked):
        return [
            _voiding(event, event_id, undone, home)
            for undone in event.undone
            if _was_said(undone) and (types is None or undone.type in types)
        ]
    made = _statement(event, event_id, home)
    return [] if made is None else [made]


def _statement(event: Logged, event_id: str, home: str) -> Statement | None:
    match event:
        case ActivityCompleted(provenance="earned" | "imported"):
            return _of(
                event, event_id, home, COMPLETED, {"completion": True, **_score(event.score)}
            )
        case ActivityCompleted():
            return _of(event, event_id, home, WAIVED, _waived(event))
        case AssessmentSubmitted(passed=None):
            return None
        case AssessmentSubmitted():
            verb = PASSED if event.passed else FAILED
            result = {"success": event.passed, **_score(event.score)}
            return _of(event, event_id, home, verb, result)
        case CourseCompleted():
            result = {"completion": True, **_score(event.average_score)}
            return _of(event, event_id, home, SATISFIED, result)
        case (
            LearnerEnrolled()
            | LearnerUnenrolled()
            | ActivityVisited()
            | ActivityJoined()
            | ActivityClaimed()
            | TimeSpentRecorded()
            | ProgressReset()
            | CourseStructurePublished()
            | LearningProgramPublished()
            | LearningProgramCompleted()
            | RecertificationAnnounced()
            | Revoked()
        ):
            return None
        case _:
            assert_never(event)


def statement_id(event_id: str) -> str:
    """Stable, so that a store knows a statement that it has."""
    return str(uuid5(NAMESPACE_URL, f"coursemark:xapi:statement:{event_id}"))


def voiding_id(event_id: str, version: int) -> str:
    """Of the statement by which an undo voids that of an event of its stream; stable, too."""
    return str(uuid5(NAMESPACE_URL, f"coursemark:xapi:voiding:{event_id}:{version}"))


def registration(event: ProgressEvent, attempt: int | None = None) -> str:
    """One for each attempt of a learner at a course: the event's own, or an earlier one."""
    whose = f"{event.school}/{event.learner}/{event.course}:{attempt or event.attempt}"
    return str(uuid5(NAMESPACE_URL, f"coursemark:xapi:registration:{whose}"))


def _was_said(undone: UndoneEvent) -> bool:
    """Whether the event had a statement."""
    return undone.type in _COMPLETIONS or (undone.type == _SUBMISSION and undone.passed is not None)


def _voiding(event: Revoked, event_id: str, undone: UndoneEvent, home: str) -> Statement:
    stream = str(Stream(event.school, event.learner, event.course))
    return {
        "id": voiding_id(event_id, undone.version),
        "actor": _agent(_school(event, home), event.actor or event.learner),
        "verb": VOIDED.body(),
        "object": {
            "objectType": "StatementRef",
            "id": statement_id(id_of(stream, undone.version)),
        },
        "context": {
            "registration": registration(event, undone.attempt),
            "extensions": _extensions(event, event_id),
        },
        "timestamp": timestamp(event.effective_at),
    }


def _school(event: ProgressEvent, home: str) -> str:
    return f"{home}/schools/{_part(event.school)}"


def _agent(school: str, user: str) -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": school, "name": user}}


def _of(event: Event, event_id: str, home: str, verb: Verb, result: dict[str, Any]) -> Statement:
    school = _school(event, home)
    course = f"{school}/courses/{_part(event.course)}"
    of_course = {"id": course, "definition": {"type": COURSE_TYPE}}
    context: dict[str, Any] = {
        "registration": registration(event),
        "platform": "Coursemark",
        "extensions": _extensions(event, event_id),
    }
    thing: dict[str, Any] = of_course
    if isinstance(event, ActivityEvent):
        thing = {"id": f"{course}/activities/{_part(event.activity)}"}
        context["contextActivities"] = {"parent": [of_course]}
    return {
        "id": statement_id(event_id),
        "actor": _agent(school, event.learner),
        "verb": verb.body(),
        "object": {"objectType": "Activity", **thing},
        "result": result,
        "context": context,
        "timestamp": timestamp(event.effective_at),
    }


def _score(points: float | None) -> dict[str, Any]:
    if points is None:
        return {}
    scaled = round(points / HIGHEST, 4)
    return {"score": {"scaled": scaled, "raw": points, "min": 0.0, "max": HIGHEST}}


def _waived(event: ActivityCompleted) -> dict[str, Any]:
    because = REASONS[event.reason or "administrative"]
    extensions = {WAIVED_BECAUSE: because}
    return {"success": True, "completion": True, **_score(event.score), "extensions": extensions}


def _extensions(event: ProgressEvent, event_id: str) -> dict[str, Any]:
    """What the event says beside; what it does not say is left out."""
    said = {
        "event": event_id,
        "attempt": event.attempt,
        "structure-version": event.structure_version,
        "provenance": getattr(event, "provenance", None),
        "manually-completed": getattr(event, "manually_completed", None),
        "activity-type": getattr(event, "activity_type", None),
        "command": event.command_id,
        "correlation": event.correlation_id,
        "batch": event.batch_id,
        "actor": event.actor,
        "reason": event.reason,
        "source": event.source,
    }
    return {f"{OURS}{name}": value for name, value in said.items() if value is not None}


@lru_cache(maxsize=100_000)
def _part(id_: str) -> str:
    """An id as a part of an IRI's path."""
    return quote(id_, safe="")
