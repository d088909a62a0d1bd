"""A made-up school whose learners stand in every way that a command for many can meet. Pure.

Four groups, one for each operation, so that none spoils another's ground. A learner's number says
how they stand in first aid (``stands``) and in safety (``safety``), and whether the mailer writes
to them (``is_silent``).
"""

from collections.abc import Iterator
from typing import Any

from contracts.catalog import (
    Activity,
    CompletionRules,
    CourseStructure,
    LearningProgram,
    ProgramCourse,
    Section,
)
from contracts.directory import School, User

HARBOUR, LAKESIDE = "harbour", "lakeside"
DEAN = "dean"
FIRST_AID, SAFETY, STARTER = "first-aid", "safety", "starter"
GROUPS = ("enrol", "mark", "reset", "import")
UNKNOWN = tuple(f"stranger-{number}" for number in range(3))
"""Nobody has them."""
FOREIGN = tuple(f"visitor-{number}" for number in range(3))
"""Learners of the other school."""
NOWHERE, ENROLLED, HAS_READ, HAS_PASSED, COMPLETE, RESET, REOPENED, LEFT = range(8)
"""In first aid. Reset: after it was complete, so in attempt 2; reopened: after a mark that sent an
e-mail, in the same attempt."""
SAFE = 2
"""In safety: 0 not enrolled, 1 enrolled, 2 complete."""


def learner(group: str, number: int) -> str:
    return f"{group}-{number:05}"


def stands(number: int) -> int:
    """How in first aid."""
    return number % 8


def safety(number: int) -> int:
    """How in safety."""
    return number // 8 % 3


def has_address(number: int) -> bool:
    return number // 3 % 5 > 0


def wants_mail(number: int) -> bool:
    return number // 5 % 7 > 0


def is_silent(name: str) -> bool:
    """No e-mail goes to the learner of this name."""
    number = int(name.rpartition("-")[2])
    return not (has_address(number) and wants_mail(number))


def is_awarded(number: int) -> bool:
    """Has completed the programme before any operation."""
    return safety(number) == SAFE and stands(number) in {COMPLETE, RESET, REOPENED}


def directory(size: int) -> Iterator[School | User]:
    """Both schools; ``size``: learners of a group."""
    for name in (HARBOUR, LAKESIDE):
        yield School(school=name, plan="learning_center")
        yield User(school=name, user=DEAN, role_level="admin")
    for name in FOREIGN:
        yield User(school=LAKESIDE, user=name)
    for group in GROUPS:
        for number in range(size):
            name = learner(group, number)
            email = f"{name}@{HARBOUR}.example" if has_address(number) else None
            yield User(school=HARBOUR, user=name, email=email)


def first_aid() -> tuple[Activity, ...]:
    """Each opens when those before it are complete."""
    return (
        _activity("read", "text", CompletionRules(visited=True)),
        _activity("quiz", "exam", CompletionRules(passed=60)),
        _activity("practical", "live_session", CompletionRules(joined=True)),
        _activity("diploma", "certificate", CompletionRules(claimed=True), required=False),
    )


def catalog() -> list[CourseStructure | LearningProgram]:
    """A course in sequence, one that is free, and a programme of both."""
    safe = (
        _activity("film", "video", CompletionRules(visited=True)),
        _activity("form", "form", CompletionRules(submitted=True)),
    )
    sequential = Section(section="all", activities=first_aid())
    free = Section(section="all", activities=safe)
    fixed: dict[str, Any] = {"school": HARBOUR, "version": 1}
    courses = ProgramCourse(course=FIRST_AID), ProgramCourse(course=SAFETY)
    return [
        CourseStructure(**fixed, course=FIRST_AID, access="sequential", sections=(sequential,)),
        CourseStructure(**fixed, course=SAFETY, sections=(free,)),
        LearningProgram(**fixed, program=STARTER, courses=courses),
    ]


def _activity(name: str, type_: str, rules: CompletionRules, *, required: bool = True) -> Activity:
    return Activity(activity=name, type=type_, rules=rules, required=required)
