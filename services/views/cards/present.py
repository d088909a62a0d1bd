"""A card from the views: what is so now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from typing import NamedTuple, TypeVar

import asyncpg

from contracts.topics import course_stream
from services.domain.course import Course
from services.store.courses import CourseCache
from services.store.log import EventLog
from services.store.people import people
from services.views.cards.card import Card, CourseCard, DueCard, activity_cards
from services.views.due.paging import Due
from services.views.due.reading import DueView
from services.views.events_log import Entry, EventsLogView
from services.views.lines import ActivityLine, AttemptLine, CourseLine
from services.views.programs import ProgramsView
from services.views.progress import ProgressView

ACTIVITIES = 10_000
"""Of the courses of a page together, unless the first has more."""
Line = TypeVar("Line", ActivityLine, AttemptLine)


async def present(
    pool: asyncpg.Pool, school: str, learner: str, only: str | None, history: int
) -> Card:
    """The learner's courses, or one of them, with so many entries of history each."""
    now, progress = datetime.now(UTC), ProgressView(pool)
    lines = [it for it in await progress.course_rows(school, learner) if only in {None, it.course}]
    cards = await CardView(pool, CourseCache(EventLog(pool))).of(lines, now)
    told = [it._replace(history=await _history(pool, it.line, history)) for it in cards]
    ids = {learner} | {entry.actor for card in told for entry in card.history if entry.actor}
    programs = await ProgramsView(pool).of_learner(school, learner) if only is None else None
    return Card(school, learner, now, told, await people(pool, school, ids), programs)


async def _history(pool: asyncpg.Pool, line: CourseLine, limit: int) -> Sequence[Entry]:
    view = EventsLogView(pool)
    return await view.entries(line.school, line.learner, line.course, limit=limit)


class CardPage(NamedTuple):
    """Courses; ``next``: the course behind which more come, none: none do."""

    cards: Sequence[CourseCard]
    next: str | None


class CardView:
    """Courses of a learner with their activities; ``pool`` reaches the database of the views."""

    def __init__(self, pool: asyncpg.Pool, courses: CourseCache) -> None:
        self._progress = ProgressView(pool)
        self._due = DueView(pool)
        self._courses = courses

    async def page(
        self, school: str, learner: str, now: datetime, *, after: str, limit: int, attempts: int
    ) -> CardPage:
        """Courses after one, in order of their ids: at most so many, and ``ACTIVITIES`` in all.

        ``attempts``: how many earlier ones, the last of each.
        """
        lines = await self._progress.course_rows(school, learner, after=after, limit=limit + 1)
        courses = await self._structures(school, [it.course for it in lines])
        sizes = accumulate(
            len(courses[it.course].activities) if it.course in courses else 0 for it in lines
        )
        small = [it for it, size in zip(lines, sizes, strict=True) if size <= ACTIVITIES]
        some = (small or lines[:1])[:limit]
        cards = await self._cards(some, now, attempts, courses)
        return CardPage(cards, some[-1].course if len(some) < len(lines) else None)

    async def course(
        self, school: str, learner: str, course: str, now: datetime, attempts: int | None = None
    ) -> CourseCard | None:
        """One course, none where the learner has no record of it."""
        line = await self._progress.course_row(school, learner, course)
        return None if line is None else (await self.of([line], now, attempts))[0]

    async def of(
        self, lines: Sequence[CourseLine], now: datetime, attempts: int | None = None
    ) -> list[CourseCard]:
        """The courses of one learner's lines, without their history.

        ``attempts``: how many earlier ones, the last of each; none: all.
        """
        if not lines:
            return []
        courses = await self._structures(lines[0].school, [it.course for it in lines])
        return await self._cards(lines, now, attempts, courses)

    async def _cards(
        self,
        lines: Sequence[CourseLine],
        now: datetime,
        attempts: int | None,
        courses: Mapping[str, Course],
    ) -> list[CourseCard]:
        if not lines:
            return []
        whose, ids = lines[0][:2], [it.course for it in lines]
        activities = _by_course(await self._progress.activity_rows(*whose, *ids))
        earlier = _by_course(await self._progress.attempts(*whose, *ids, last=attempts))
        due = await self._due.of_learners(whose[0], [whose[1]])
        return [
            CourseCard(
                line=it,
                course=courses.get(it.course),
                activities=activity_cards(
                    it, activities.get(it.course, []), courses.get(it.course), now
                ),
                attempts=earlier.get(it.course, []),
                history=[],
                due=_due(due.get((it.learner, it.course)), now),
            )
            for it in lines
        ]

    async def _structures(self, school: str, courses: Collection[str]) -> Mapping[str, Course]:
        await self._courses.refresh(course_stream(school, it) for it in courses)
        found = {it: self._courses.get(school, it) for it in courses}
        return {id_: it for id_, it in found.items() if it is not None}


def _by_course(lines: Iterable[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.course, []).append(line)
    return found


def _due(due: Due | None, now: datetime) -> DueCard | None:
    return None if due is None else DueCard(due.at, due.schedule, due.at <= now)
