"""Two made-up schools that change while they are used: courses, programmes, people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts import topics
from contracts.catalog import (
    Activity,
    CompletionRules,
    CourseStructure,
    LearningProgram,
    ProgramCourse,
    Section,
)
from contracts.directory import School, User
from services.runtime.bus.outbox import Message
from tests.support.stack import reference

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from contracts.fields import RoleLevel

SCHOOLS = {"riverside": "pro_trainer", "hilltop": "starter"}
"""With their plans."""
ELSEWHERE = "free"
"""A plan without the feature (A2)."""
LEVELS: tuple[RoleLevel, ...] = ("admin", "admin", "admin", "instructor", "user")
"""Of the staff, drawn evenly."""
RULES = (
    ("video", CompletionRules(visited=True)),
    ("form", CompletionRules(submitted=True)),
    ("exam", CompletionRules(passed=50)),
    ("certificate", CompletionRules(claimed=True)),
    ("live_session", CompletionRules(joined=True)),
    ("text", CompletionRules(visited=True, min_time=600)),
    ("forum", CompletionRules()),
)


class Schools:
    """Who and what there is; every change is a message for the catalog or the directory."""

    def __init__(self, rng: random.Random, learners: int, courses: int) -> None:
        self._rng = rng
        self.learners = [f"u-{number}" for number in range(learners)]
        self.staff = [f"staff-{number}" for number in range(4)]
        self.courses = {
            (school, f"course-{number}"): self._first(school, f"course-{number}")
            for school in SCHOOLS
            for number in range(courses)
        }
        self.programs = {
            (school, f"program-{number}"): self._program(school, f"program-{number}", 1)
            for school in SCHOOLS
            for number in range(2)
        }

    def beginning(self) -> Iterator[Message]:
        """The whole directory and the whole catalog."""
        for school, plan in SCHOOLS.items():
            yield reference(School(school=school, plan=plan))
            for user in self.learners:
                yield reference(User(school=school, user=user))
            for user in self.staff:
                yield reference(User(school=school, user=user, role_level="admin"))
        yield from map(reference, self.courses.values())
        yield from map(reference, self.programs.values())

    def change(self) -> Message:
        """Somebody edits a course, a programme, a role, a plan, or takes a learner out or in."""
        changes = (
            *(self._edit, self._role, self._role, self._plan, self._erase),
            self._edit_program,
        )
        return self._rng.choice(changes)()

    def restored(self) -> Iterator[Message]:
        """Every school on its plan again, so that not all that follows is refused."""
        for school, plan in SCHOOLS.items():
            yield reference(School(school=school, plan=plan))

    def _first(self, school: str, course: str) -> CourseStructure:
        count = self._rng.randint(4, 8)
        activities = [self._activity(f"a{number}") for number in range(count)]
        return self._structure(school, course, 1, activities)

    def _edit(self) -> Message:
        key = self._rng.choice(list(self.courses))
        old = self.courses[key]
        activities = list(old.activities())
        place = self._rng.randrange(len(activities))
        match self._rng.randrange(4):
            case 0 if len(activities) > 3:
                del activities[place]
            case 1 if len(activities) < 12:
                activities.insert(place, self._activity(f"a{old.version * 100}"))
            case 2:
                activities[place] = self._activity(activities[place].activity)
            case _:
                turned = {"required": not activities[place].required}
                activities[place] = activities[place].model_copy(update=turned)
        version = old.version + self._rng.randint(1, 3)
        self.courses[key] = self._structure(*key, version, activities)
        return reference(self.courses[key])

    def _edit_program(self) -> Message:
        key = self._rng.choice(list(self.programs))
        self.programs[key] = self._program(*key, self.programs[key].version + 1)
        return reference(self.programs[key])

    def _program(self, school: str, program: str, version: int) -> LearningProgram:
        """Of some of the school's courses, the last one of them optional now and then."""
        known = [course for of, course in self.courses if of == school]
        chosen = self._rng.sample(known, self._rng.randint(1, len(known)))
        last = len(chosen) > 1 and self._rng.random() < 0.3
        courses = [ProgramCourse(course=it) for it in chosen[:-1]]
        courses.append(ProgramCourse(course=chosen[-1], required=not last))
        return LearningProgram(
            school=school, program=program, version=version, courses=tuple(courses)
        )

    def _structure(
        self, school: str, course: str, version: int, activities: list[Activity]
    ) -> CourseStructure:
        if not any(activity.required for activity in activities):
            activities[0] = activities[0].model_copy(update={"required": True})
        half = len(activities) // 2
        return CourseStructure(
            school=school,
            course=course,
            version=version,
            access=self._rng.choice(["free", "free", "sequential"]),
            sections=(
                Section(section="one", activities=tuple(activities[:half])),
                Section(section="two", activities=tuple(activities[half:])),
            ),
        )

    def _activity(self, id_: str) -> Activity:
        type_, rules = self._rng.choice(RULES)
        return Activity(activity=id_, type=type_, rules=rules, required=self._rng.random() < 0.8)

    def _role(self) -> Message:
        school, user = self._rng.choice(list(SCHOOLS)), self._rng.choice(self.staff)
        return reference(User(school=school, user=user, role_level=self._rng.choice(LEVELS)))

    def _plan(self) -> Message:
        school = self._rng.choice(list(SCHOOLS))
        plan = self._rng.choice([SCHOOLS[school], SCHOOLS[school], ELSEWHERE])
        return reference(School(school=school, plan=plan))

    def _erase(self) -> Message:
        school, user = self._rng.choice(list(SCHOOLS)), self._rng.choice(self.learners)
        if self._rng.random() < 0.5:
            return reference(User(school=school, user=user))
        return Message(topics.DIRECTORY, f"{school}/{user}".encode(), None, [])
