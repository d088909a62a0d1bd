"""A made-up school and the commands of its terms, the same for ours and for the peer.

Each learner takes one course: enrols, submits five assessments, and an administrator marks the
course complete at the end. That is 7 commands and, whoever passes what, 14 events, in the
proportions of a real school's records: most commands are submissions, and most submissions
complete an activity. Cohorts of 2,000 learners go through their term one step at a time, so
that neighbours on the topic are different learners, as at a deadline.
"""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from contracts import registry
from contracts.catalog import Activity, CompletionRules, CourseStructure, Section
from contracts.commands import Command, EnrollLearner, MarkComplete, RecordActivity, Submission
from contracts.directory import School, User
from contracts.envelope import Envelope, write
from contracts.topics import learner_key

SCHOOL, ADMINISTRATOR = "northfield", "admin-1"
COURSES = tuple(f"course-{number}" for number in range(1, 9))
PASS_MARK = 40.0
ASSESSMENTS = tuple(f"assessment-{number}" for number in range(1, 6))
ACTIVITIES = ("welcome", *ASSESSMENTS, "exam")
STEPS = 1 + len(ASSESSMENTS) + 1
"""Commands of a learner."""
EVENTS = 1 + len(ASSESSMENTS) + len(ACTIVITIES) + 1
"""Events of a learner: enrolled, submitted, completed, and the course completed."""
COHORT = 2_000
NOW = datetime(2026, 9, 1, tzinfo=UTC)
"""When the school published its courses."""


class Record(NamedTuple):
    """A command as it goes to Kafka."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    command_id: str


def learner(number: int) -> str:
    return f"learner-{number:06}"


def school() -> School:
    return School(school=SCHOOL, plan="learning_center", name="Northfield")


def users(learners: int) -> list[User]:
    admin = User(school=SCHOOL, user=ADMINISTRATOR, role_level="admin")
    return [admin, *(User(school=SCHOOL, user=learner(n)) for n in range(learners))]


def structures() -> list[CourseStructure]:
    return [
        CourseStructure(school=SCHOOL, course=course, version=1, sections=_sections())
        for course in COURSES
    ]


def _sections() -> tuple[Section, ...]:
    passed = CompletionRules(submitted=True, passed=PASS_MARK)
    visited = CompletionRules(visited=True)
    activities = (
        Activity(activity="welcome", type="video", rules=visited),
        *(Activity(activity=name, type="form", rules=passed) for name in ASSESSMENTS),
        Activity(activity="exam", type="exam", rules=passed),
    )
    return (Section(section="all", activities=activities),)


def records(learners: int, first: int = 0) -> list[Record]:
    """Every command of learners from number ``first`` on, encoded, in the order of time."""
    chance = random.Random(first)
    end = first + learners
    return [
        _record(chance, _command(chance, number, step))
        for start in range(first, end, COHORT)
        for step in range(STEPS)
        for number in _shuffled(chance, range(start, min(start + COHORT, end)))
    ]


def _shuffled(chance: random.Random, numbers: range) -> Iterator[int]:
    return iter(chance.sample(numbers, len(numbers)))


def _command(chance: random.Random, number: int, step: int) -> Command:
    where: dict[str, Any] = {
        "school": SCHOOL,
        "learner": learner(number),
        "course": COURSES[number % len(COURSES)],
    }
    if step == 0:
        return EnrollLearner(**where)
    if step == STEPS - 1:
        return MarkComplete(
            **where,
            actor=ADMINISTRATOR,
            activities="whole_course",
            send_completion_email=False,
        )
    score = round(chance.triangular(0, 100, 70), 1)
    return RecordActivity(**where, activity=ASSESSMENTS[step - 1], signal=Submission(score=score))


def _record(chance: random.Random, command: Command) -> Record:
    envelope = Envelope(
        id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        type=registry.name_of(command),
        source="urn:benchmark",
        data=command.to_json(),
    )
    key = learner_key(command.school, command.learner).encode()
    return Record(key, envelope.data, write(envelope), envelope.id)
