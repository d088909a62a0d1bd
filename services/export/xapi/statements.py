"""What an event says in xAPI: pure, and under an id that follows from the event's.

| event | statement |
| --- | --- |
| activity_completed, earned or imported | completed the activity |
| activity_completed, by an administrator or waived | waived it, with cmi5's reason |
| assessment_submitted with a pass mark | passed or failed the activity |
| course_completed | satisfied the course |

The others have no verb of cmi5's: who is enrolled is no statement there, a submission without a
pass mark is neither passed nor failed, and a reset takes nothing back of what was done before. It
shows in the registration, which is one for each attempt. Programmes are not among cmi5's things.

The statements are "cmi5 allowed", not "cmi5 defined" (cmi5 7.1.3): no launched session stands
behind them, and so a score may stand with any verb. They hold ids, no names and no notes.
"""

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
    ProgressReset,
    RecertificationAnnounced,
    Revoked,
    TimeSpentRecorded,
)
from services.export.xapi.words import (
    COMPLETED,
    COURSE_TYPE,
    FAILED,
    OURS,
    PASSED,
    REASONS,
    SATISFIED,
    WAIVED,
    WAIVED_BECAUSE,
    Verb,
)

Statement = dict[str, Any]
HIGHEST = 100.0
"""Points."""


def statement(event: Logged, event_id: str, home: str) -> Statement | None:
    """The statement of an event, none where xAPI has nothing to say of it.

    ``home`` is the IRL under which schools, courses and learners have their names.
    """
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


def registration(event: Event) -> str:
    """One for each attempt of a learner at a course."""
    whose = f"{event.school}/{event.learner}/{event.course}"
    return str(uuid5(NAMESPACE_URL, f"coursemark:xapi:registration:{whose}:{event.attempt}"))


def _of(event: Event, event_id: str, home: str, verb: Verb, result: dict[str, Any]) -> Statement:
    school = f"{home}/schools/{_part(event.school)}"
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
        "actor": {"objectType": "Agent", "account": {"homePage": school, "name": event.learner}},
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


def _extensions(event: Event, event_id: str) -> dict[str, Any]:
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
