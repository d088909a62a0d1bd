"""Reads of the progress view. Times in seconds, rates in per cent, scores 0 to 100 points."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from contracts.progress import LatestProgress
from contracts.topics import Stream
from projections.sql import statement
from services.views.lines import (
    ActivityLine,
    AttemptActivityLine,
    AttemptLine,
    CourseLine,
    ExportedActivity,
    ExportedProgress,
)

PAGE = 2_000
"""Rows that an export holds at a time."""
STRETCH = 2_000
"""Records that a page of activities looks at, whether or not they have any."""


class ActivitiesPage(NamedTuple):
    """``next``: course, learner and activity that the next page is after; none: there is no more.

    An empty activity stands before all of its record.
    """

    lines: list[ActivityLine]
    next: tuple[str, str, str] | None


class ProgressView:
    """The view as it is now; ``pool`` reaches its database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def course_rows(
        self, school: str, learner: str, *, after: str = "", limit: int | None = None
    ) -> list[CourseLine]:
        """A learner's courses, in order of their ids; all, or so many after one."""
        rows = await self._fetch("courses", school, learner, after, limit)
        return [CourseLine(*row) for row in rows]

    async def course_row(self, school: str, learner: str, course: str) -> CourseLine | None:
        """A learner in a course; none where there is no record."""
        rows = await self._fetch("course", school, learner, course)
        return CourseLine(*rows[0]) if rows else None

    async def activity_rows(self, school: str, learner: str, *courses: str) -> list[ActivityLine]:
        """A learner's activities of these courses, by course and activity."""
        rows = await self._fetch("activities", school, learner, courses)
        return [ActivityLine(*row) for row in rows]

    async def attempts(
        self,
        school: str,
        learner: str,
        *courses: str,
        last: int | None = None,
        before: int | None = None,
    ) -> list[AttemptLine]:
        """A learner's earlier attempts by course, the first one first (R4).

        ``last``: so many of each course at the most, before that attempt; none: all.
        """
        rows = await self._fetch("attempts", school, learner, courses, last, before)
        return [AttemptLine(*row) for row in rows]

    async def attempt_activities(
        self, school: str, learner: str, course: str, attempt: int
    ) -> list[AttemptActivityLine]:
        """The activities of an earlier attempt, in order of their ids."""
        rows = await self._fetch("attempt_activities", school, learner, course, attempt)
        return [AttemptActivityLine(*row) for row in rows]

    async def latest(self, streams: Collection[Stream]) -> list[LatestProgress]:
        """The latest progress of those streams that the view has, in no order."""
        columns = [[stream[place] for stream in streams] for place in range(3)]
        return [LatestProgress(**row) for row in await self._fetch("latest", *columns)]

    async def completed_until(
        self, school: str, course: str, until: datetime
    ) -> list[tuple[str, datetime]]:
        """Who is enrolled, and whose present completion was achieved then or earlier; and when."""
        rows = await self._fetch("completed_until", school, course, until)
        return [(row[0], row[1]) for row in rows]

    async def courses_page(
        self, school: str, course: str | None, after: Sequence[str], limit: int
    ) -> list[CourseLine]:
        """A school's learners in one course or all, by course and learner.

        ``after``: a course, the one where one is asked for, and a learner; so many rows behind.
        """
        rows = await self._fetch("courses_page", school, course, *after, limit)
        return [CourseLine(*row) for row in rows]

    async def activities_page(
        self, school: str, course: str | None, after: Sequence[str], limit: int
    ) -> ActivitiesPage:
        """The same of activities with anything recorded, by course, learner and activity.

        At most so many of the next ``STRETCH`` records: there may be none, and more behind them.
        """
        values = school, course, *after, STRETCH, limit + 1
        rows = await self._fetch("activities_page", *values)
        lines = [ActivityLine(*row[2:]) for row in map(tuple, rows) if row[2] is not None]
        if len(lines) > limit:
            last = lines[limit - 1]
            return ActivitiesPage(lines[:limit], (last.course, last.learner, last.activity))
        begins, learner = rows[0][:2]
        return ActivitiesPage(lines, None if begins is None else (begins, learner, ""))

    async def export_progress(self) -> AsyncIterator[ExportedProgress]:
        """Every learner in every course, by school, course, learner; memory stays flat."""
        async for row in self._export("export_progress"):
            yield ExportedProgress(*row)

    async def export_activities(self) -> AsyncIterator[ExportedActivity]:
        """Every activity with anything recorded, by school, course, learner, activity."""
        async for row in self._export("export_activities"):
            yield ExportedActivity(*row)

    async def _fetch(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self._pool.fetch(_query(name), *arguments)
        return rows

    async def _export(self, name: str) -> AsyncIterator[asyncpg.Record]:
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            async for row in connection.cursor(_query(name), prefetch=PAGE):
                yield row


def _query(name: str) -> str:
    return statement("projections.progress", f"queries/{name}")
