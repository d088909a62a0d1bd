"""A school with one large class, and its neighbour, whose single commands must not wait for it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from contracts import registry, topics
from contracts.catalog import Activity, CompletionRules, CourseStructure, Section
from contracts.commands import WHOLE_COURSE, EnrollLearner, RecordActivity, Visit
from contracts.directory import School, User
from contracts.envelope import Envelope, write
from contracts.operations import (
    MAX_ROWS,
    BulkEnroll,
    BulkMarkComplete,
    OperationCommand,
    UndoOperation,
)
from services.runtime.bus.outbox import Message

LARGE, NEIGHBOUR = "harbour", "lakeside"
ADMINISTRATOR, COURSE = "dean", "induction"
ACTIVITIES = tuple(f"step-{number:02}" for number in range(1, 11))
ENROLLED_AT = datetime(2026, 9, 1, tzinfo=UTC)
ACHIEVED_AT = datetime(2026, 10, 1, tzinfo=UTC)
"""Both fixed, so that the end state of one run is that of another."""


def learner(number: int) -> str:
    return f"learner-{number:06}"


def schools() -> list[School]:
    return [School(school=name, plan="learning_center") for name in (LARGE, NEIGHBOUR)]


def users(learners: int, neighbours: int) -> Iterator[User]:
    for school, count in ((LARGE, learners), (NEIGHBOUR, neighbours)):
        yield User(school=school, user=ADMINISTRATOR, role_level="admin")
        for number in range(count):
            yield User(school=school, user=learner(number))


def structures() -> list[Message]:
    """The course, in both schools."""
    visited = CompletionRules(visited=True)
    activities = tuple(Activity(activity=name, type="video", rules=visited) for name in ACTIVITIES)
    sections = (Section(section="all", activities=activities),)
    return [
        _message(
            topics.CATALOG,
            f"{school}/{COURSE}",
            CourseStructure(school=school, course=COURSE, version=1, sections=sections),
        )
        for school in (LARGE, NEIGHBOUR)
    ]


def enrolment(operation: str, learners: int) -> list[Message]:
    fixed = {"courses": (COURSE,), "effective_at": ENROLLED_AT}
    return _parts(BulkEnroll, operation, learners, fixed)


def mark(operation: str, learners: int) -> list[Message]:
    fixed = {
        "course": COURSE,
        "activities": WHOLE_COURSE,
        "send_completion_email": False,
        "effective_at": ACHIEVED_AT,
    }
    return _parts(BulkMarkComplete, operation, learners, fixed)


def undo(operation: str, undoes: str) -> list[Message]:
    command = UndoOperation(school=LARGE, operation=operation, actor=ADMINISTRATOR, undoes=undoes)
    return [operation_message(command)]


def neighbours_enrolment(number: int) -> Message:
    return _single(EnrollLearner(school=NEIGHBOUR, learner=learner(number), course=COURSE))


def neighbours_visit(number: int, step: int) -> Message:
    command = RecordActivity(
        school=NEIGHBOUR,
        learner=learner(number),
        course=COURSE,
        activity=ACTIVITIES[step],
        signal=Visit(),
    )
    return _single(command)


def operation_message(command: OperationCommand) -> Message:
    return _message(
        topics.COMMANDS, topics.operation_key(command.school, command.operation), command
    )


def _parts(
    model: type[BulkEnroll | BulkMarkComplete], operation: str, learners: int, fixed: dict[str, Any]
) -> list[Message]:
    starts = range(0, learners, MAX_ROWS)
    return [
        operation_message(
            model(
                school=LARGE,
                operation=operation,
                actor=ADMINISTRATOR,
                part=part,
                parts=len(starts),
                learners=tuple(
                    learner(number) for number in range(start, min(start + MAX_ROWS, learners))
                ),
                **fixed,
            )
        )
        for part, start in enumerate(starts, 1)
    ]


def _single(command: EnrollLearner | RecordActivity) -> Message:
    return _message(topics.COMMANDS, topics.learner_key(command.school, command.learner), command)


def _message(topic: str, key: str, body: Any) -> Message:
    envelope = Envelope(str(uuid4()), registry.name_of(body), "urn:benchmark", body.to_json())
    return Message(topic, key.encode(), envelope.data, write(envelope))
