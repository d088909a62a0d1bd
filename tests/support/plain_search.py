"""The port of search once more, over lists: what every adapter is held against.

Nothing of the projection or of an adapter is used but the types of the port and its cursor. For
each question everything is looked through.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from contracts.events import (
    ActivityClaimed,
    ActivityCompleted,
    ActivityEvent,
    ActivityJoined,
    ActivityVisited,
    AssessmentSubmitted,
    CourseCompleted,
    Event,
    LearnerEnrolled,
    LearnerUnenrolled,
    ProgressReset,
    TimeSpentRecorded,
)
from services.views.search import cursor
from services.views.search.cursor import Cursor
from services.views.search.port import Completion, Count, Found, Page, Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from contracts.directory import User
    from contracts.progress import Status
    from services.views.search.criteria import Criteria, PageRequest

SIGNALS = (ActivityVisited, ActivityJoined, ActivityClaimed, AssessmentSubmitted, TimeSpentRecorded)


class World(NamedTuple):
    """A school: its users, the required activities of its courses, and all that happened.

    A course without a structure is not in ``required``.
    """

    school: str
    users: Sequence[User]
    required: Mapping[str, Sequence[str]]
    events: Sequence[Event]


class History:
    """One learner in one course: what is so, from the events alone."""

    def __init__(self, events: Sequence[Event], required: Sequence[str] | None) -> None:
        self.events = events
        self.course = events[0].course
        self._required = required

    @property
    def enrolled(self) -> bool:
        both = [it for it in self.events if isinstance(it, LearnerEnrolled | LearnerUnenrolled)]
        return bool(both) and isinstance(both[-1], LearnerEnrolled)

    @property
    def enrolments(self) -> list[datetime]:
        return [it.effective_at for it in self.events if isinstance(it, LearnerEnrolled)]

    @property
    def completions(self) -> list[Completion]:
        return [
            Completion(it.attempt, it.effective_at, it.provenance)
            for it in self.events
            if isinstance(it, CourseCompleted)
        ]

    @property
    def attempt(self) -> int:
        return 1 + sum(_resets_all(it) for it in self.events)

    @property
    def active_on(self) -> date | None:
        own = [it for it in self.events if isinstance(it, SIGNALS) or it.actor == it.learner]
        return max((it.effective_at.date() for it in own), default=None)

    @property
    def status(self) -> Status:
        complete = False
        for it in self.events:
            if isinstance(it, CourseCompleted):
                complete = True
            elif isinstance(it, ProgressReset) and (it.reopens_course or it.activities is None):
                complete = False
        if complete:
            return "completed"
        return "not_completed" if self._since_reset(ActivityEvent) else "not_started"

    @property
    def progress_rate(self) -> float:
        if self._required is None:
            return 0.0
        done = self._since_reset(ActivityCompleted) & set(self._required)
        return round(100 * len(done) / len(self._required), 2)

    def _since_reset(self, kind: type[ActivityEvent]) -> set[str]:
        """Activities with such an event that no later reset took away."""
        found: set[str] = set()
        for it in self.events:
            if isinstance(it, kind):
                found.add(it.activity)
            elif isinstance(it, ProgressReset):
                found -= set(found if it.activities is None else it.activities)
        return found

    def meets(self, asked: Criteria) -> bool:
        """All criteria about records but inactivity in the whole school."""
        return bool(
            asked.course in {None, self.course}
            and asked.status in {None, self.status}
            and asked.attempt in {None, self.attempt}
            and _within(self.progress_rate, asked.progress_from, asked.progress_to)
            and (not _asks_completion(asked) or self._of(asked))
            and (not _asks_enrolment(asked) or self._entered(asked))
            and (asked.course is None or self.is_inactive(asked.inactive_since))
        )

    def is_inactive(self, since: date | None) -> bool:
        return since is None or self.active_on is None or self.active_on < since

    def _of(self, asked: Criteria) -> list[Completion]:
        return [
            it
            for it in self.completions
            if asked.manually_completed in {None, it.manually}
            and _between(it.completed_at, asked.completed_from, asked.completed_to)
        ]

    def _entered(self, asked: Criteria) -> list[datetime]:
        return [
            it for it in self.enrolments if _between(it, asked.enrolled_from, asked.enrolled_to)
        ]

    def record(self, asked: Criteria) -> Record:
        return Record(
            self.course,
            self.enrolled,
            self.attempt,
            self.status,
            self.progress_rate,
            self.active_on,
            tuple(dict.fromkeys(self._entered(asked))),
            tuple(dict.fromkeys(self._of(asked))),
        )


class PlainSearch:
    """The model behind the port."""

    def __init__(self, worlds: Sequence[World], counted: int) -> None:
        self._worlds = {world.school: world for world in worlds}
        self._counted = counted

    async def find(self, school: str, criteria: Criteria, page: PageRequest) -> Page:
        before = None if page.after is None else cursor.read(page.after, school, criteria)
        everybody = [it for it in self._everybody(school) if _is_found(it, criteria)]
        total = Count(min(len(everybody), self._counted), len(everybody) <= self._counted)
        if before is not None:
            total = Count(before.learners, before.exact)
            everybody = [it for it in everybody if it.id > before.after]
        shown = everybody[: page.limit]
        more = None
        if len(everybody) > page.limit:
            search = cursor.digest(school, criteria)
            more = cursor.write(Cursor(search=search, after=shown[-1].id, **total._asdict()))
        return Page(tuple(it.found(criteria) for it in shown), total, more)

    def _everybody(self, school: str) -> list[Learner]:
        world = self._worlds.get(school)
        if world is None:
            return []
        users = {it.user: it for it in world.users}
        ids = users.keys() | {it.learner for it in world.events}
        return [Learner(id_, users.get(id_), _histories(world, id_)) for id_ in sorted(ids)]


class Learner(NamedTuple):
    id: str
    user: User | None
    histories: Sequence[History]

    def found(self, asked: Criteria) -> Found:
        records = tuple(it.record(asked) for it in self.histories if it.meets(asked))
        user = self.user
        if user is None:
            return Found(self.id, None, None, None, None, (), records)
        return Found(self.id, user.name, user.email, user.role_level, user.role, user.tags, records)


def _histories(world: World, learner: str) -> list[History]:
    of = [it for it in world.events if it.learner == learner]
    courses = sorted({it.course for it in of})
    return [
        History([it for it in of if it.course == name], world.required.get(name))
        for name in courses
    ]


def _is_found(learner: Learner, asked: Criteria) -> bool:
    about_people = asked.tags or asked.role_level or asked.role or asked.text
    if about_people and (learner.user is None or not _is_meant(learner.user, asked)):
        return False
    about_records = asked.model_dump(exclude_defaults=True).keys() - {
        *("tags", "role_level", "role", "text"),
    }
    if not about_records:
        return True
    if asked.course is None and not all(
        it.is_inactive(asked.inactive_since) for it in learner.histories
    ):
        return False
    return any(it.meets(asked) for it in learner.histories)


def _is_meant(user: User, asked: Criteria) -> bool:
    said = _plain(f"{user.name or ''} {user.email or ''}")
    return (
        set(asked.tags) <= set(user.tags)
        and asked.role_level in {None, user.role_level}
        and asked.role in {None, user.role}
        and all(_plain(word) in said for word in (asked.text or "").split())
    )


def _plain(text: str) -> str:
    taken_apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(it for it in taken_apart if not "\u0300" <= it <= "\u036f")


def _resets_all(event: Event) -> bool:
    return isinstance(event, ProgressReset) and event.activities is None


def _asks_completion(asked: Criteria) -> bool:
    return (asked.completed_from, asked.completed_to, asked.manually_completed) != (None,) * 3


def _asks_enrolment(asked: Criteria) -> bool:
    return (asked.enrolled_from, asked.enrolled_to) != (None, None)


def _between(at: datetime, start: datetime | None, end: datetime | None) -> bool:
    return (start is None or start <= at) and (end is None or at < end)


def _within(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or least <= value) and (most is None or value <= most)
