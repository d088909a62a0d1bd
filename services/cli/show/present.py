"""A card from the views: what is so now."""

from datetime import UTC, datetime

import asyncpg

from contracts.topics import course_stream
from services.cli.show.card import Card, CourseCard, DueCard, activity_cards
from services.store.courses import CourseCache
from services.store.log import EventLog
from services.store.people import people
from services.views.due.paging import Due
from services.views.due.reading import DueView
from services.views.events_log import EventsLogView
from services.views.lines import CourseLine
from services.views.programs import ProgramsView
from services.views.progress import ProgressView


async def present(
    pool: asyncpg.Pool, school: str, learner: str, only: str | None, history: int
) -> Card:
    """The learner's courses, or one of them, with so many entries of history each."""
    reading = _Reading(pool, history, datetime.now(UTC))
    lines = await ProgressView(pool).course_rows(school, learner)
    due = await DueView(pool).of_learners(school, [learner])
    cards = [
        await reading.course(it, due.get((learner, it.course)))
        for it in lines
        if only in {None, it.course}
    ]
    ids = {learner} | {entry.actor for card in cards for entry in card.history if entry.actor}
    programs = await ProgramsView(pool).of_learner(school, learner) if only is None else None
    return Card(school, learner, reading.now, cards, await people(pool, school, ids), programs)


class _Reading:
    def __init__(self, pool: asyncpg.Pool, history: int, now: datetime) -> None:
        self.now = now
        self._history = history
        self._progress = ProgressView(pool)
        self._entries = EventsLogView(pool)
        self._courses = CourseCache(EventLog(pool))

    async def course(self, line: CourseLine, due: Due | None) -> CourseCard:
        """One course."""
        of = line.school, line.learner, line.course
        await self._courses.refresh([course_stream(line.school, line.course)])
        course = self._courses.get(line.school, line.course)
        activities = await self._progress.activity_rows(*of)
        return CourseCard(
            line=line,
            course=course,
            activities=activity_cards(line, activities, course, self.now),
            attempts=await self._progress.attempts(*of),
            history=await self._entries.entries(*of, limit=self._history),
            due=None if due is None else DueCard(due.at, due.schedule, due.at <= self.now),
        )
