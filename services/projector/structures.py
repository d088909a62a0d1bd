"""The latest structure of each course as of where a view stands."""

from collections.abc import Collection
from itertools import islice

import asyncpg

from contracts.events import CourseStructurePublished
from contracts.topics import course_stream
from services.domain.course import Course
from services.projector.sql import query
from services.store.courses import course_of
from services.store.mapper import decode
from services.store.records import Position

LIMIT = 500
"""Courses kept; the longest unused ones go first."""

Key = tuple[str, str]
"""School and course."""


class Structures:
    """Not the latest of the log, but the latest before a position: so views can be checked."""

    def __init__(self, pool: asyncpg.Pool, limit: int = LIMIT) -> None:
        self._pool = pool
        self._limit = limit
        self._known: dict[Key, Course | None] = {}

    async def know(self, keys: Collection[Key], until: Position) -> None:
        """Read the structures that are not known yet, and forget the longest unused."""
        missing = [key for key in keys if key not in self._known]
        if missing:
            await self._read(missing, until)
        for key in keys:
            self._known[key] = self._known.pop(key)
        for key in list(
            islice(self._known, max(0, len(self._known) - max(self._limit, len(keys))))
        ):
            del self._known[key]

    async def _read(self, keys: list[Key], until: Position) -> None:
        streams = {course_stream(*key): key for key in keys}
        self._known.update(dict.fromkeys(keys))
        position = (str(until.transaction_id), until.notification_id)
        for row in await self._pool.fetch(query("structures"), list(streams), *position):
            event = decode(row[1], row[2])
            if isinstance(event, CourseStructurePublished):
                self._known[streams[row[0]]] = course_of(event)

    def get(self, school: str, course: str) -> Course | None:
        """The structure; none where the log had none."""
        return self._known.get((school, course))

    def publish(self, event: CourseStructurePublished) -> None:
        """Take over a structure that the view comes to."""
        self._known[event.school, event.course] = course_of(event)

    def forget(self) -> None:
        """Read everything again."""
        self._known.clear()
