"""Who and what a school has, asked for many lines at once and remembered for a while."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from contracts.commands import ImportCompletion
from contracts.topics import course_stream
from services.domain import limits
from services.domain.course import Course
from services.domain.decision import Refused
from services.domain.policy import NO_LIMITS
from services.imports.entries import Said
from services.imports.sql import query
from services.programs import reading as programs
from services.store.courses import CourseCache
from services.store.log import EventLog
from services.store.people import people, users_by_email
from services.store.policies import policy_of

REMEMBERED = 200_000
"""Learners and addresses; some 40 MB."""


class Known:
    """Of one school, as of when it is asked; ``look_up`` comes before the lines it is for."""

    def __init__(self, log: EventLog, school: str) -> None:
        self._log = log
        self._school = school
        self._users: dict[str, bool] = {}
        self._emails: dict[str, list[str]] = {}
        self._names: dict[str, list[str]] = {}
        self._cache = CourseCache(log)
        self._courses: dict[str, Course | None] = {}
        self._programs: Mapping[str, tuple[str, ...]] = {}
        self._policy = NO_LIMITS

    async def begin(self) -> None:
        """Read what is asked of every line: learning programmes and the school's policy."""
        found = await programs.structures(self._log, self._school, await self._log.head())
        self._programs = {it.program: tuple(c.course for c in it.courses) for it in found}
        self._policy = await policy_of(self._log.pool, self._school)

    async def look_up(self, lines: Iterable[Said]) -> None:
        """Ask for all that these lines name and that is not remembered, a query for each kind."""
        if len(self._users) + len(self._emails) + len(self._names) > REMEMBERED:
            for remembered in (self._users, self._emails, self._names):
                remembered.clear()
        lines = list(lines)
        users = {it.learner for it in lines} | {it.username for it in lines if _by_name(it)}
        emails = {it.email.lower() for it in lines} | {
            it.learner.lower() for it in lines if "@" in it.learner
        }
        await self._look_up_users(users - self._users.keys() - {""})
        await self._look_up_emails(emails - self._emails.keys() - {""})
        names = {it.username.lower() for it in lines if _by_name(it)} - {""}
        await self._look_up_names(names - self._names.keys())
        courses = {course for it in lines for course in it.courses}
        courses |= {course for it in lines for name in it.programs for course in self.program(name)}
        await self._look_up_courses(courses - self._courses.keys())

    def is_user(self, user: str) -> bool:
        """Whether the school's directory has this id."""
        return self._users.get(user, False)

    def with_email(self, email: str) -> Collection[str]:
        """The users with this address, capitals or not."""
        return self._emails.get(email.lower(), ())

    def with_name(self, name: str) -> Collection[str]:
        """The users with this name, capitals or not."""
        return self._names.get(name.lower(), ())

    def course(self, course: str) -> Course | None:
        """The latest structure, none of a course that the school does not have."""
        return self._courses.get(course)

    def program(self, program: str) -> tuple[str, ...]:
        """The courses of a learning programme, in order; none of one that the school has not."""
        return self._programs.get(program, ())

    def against_policy(self, command: ImportCompletion, now: datetime) -> Refused | None:
        """Why the school's policy forbids it, or none."""
        return limits.refusal(command, self._policy, now)

    @property
    def has_policy(self) -> bool:
        """Whether there is anything to hold a line against."""
        return self._policy != NO_LIMITS

    async def _look_up_users(self, users: Collection[str]) -> None:
        if users:
            found = await people(self._log.pool, self._school, users)
            self._users |= {user: user in found for user in users}

    async def _look_up_emails(self, emails: Collection[str]) -> None:
        if emails:
            found = await users_by_email(self._log.pool, self._school, emails)
            self._emails |= {email: found.get(email, []) for email in emails}

    async def _look_up_names(self, names: Collection[str]) -> None:
        if not names:
            return
        found: dict[str, list[str]] = {}
        for user, name in await self._log.pool.fetch(
            query("users_by_name"), self._school, list(names)
        ):
            found.setdefault(name, []).append(user)
        self._names |= {name: found.get(name, []) for name in names}

    async def _look_up_courses(self, courses: Collection[str]) -> None:
        if courses:
            await self._cache.refresh(course_stream(self._school, it) for it in courses)
            self._courses |= {it: self._cache.get(self._school, it) for it in courses}


def _by_name(said: Said) -> bool:
    """Whether nothing but a name says who it is."""
    return not said.learner and not said.email
