"""The latest structure of each course as of where a view stands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from contracts.events import CourseStructurePublished
from contracts.topics import Stream, course_stream
from projections.definition import Projection
from services.domain.course import Course
from services.projector.kept import Kept
from services.projector.sql import query
from services.store.courses import course_of
from services.store.mapper import decode
from services.store.records import Position

LIMIT = 20_000
"""Activities of the courses that are kept; some 20 MB."""

Key = tuple[str, str]
"""School and course."""


class Database(Protocol):
    """A pool, or one connection of it."""

    async def fetch(self, query: str, *args: Any) -> Sequence[Any]:
        """The rows of a query."""


class Structures:
    """Not the latest of the log, but the latest before a position: so views can be checked."""

    def __init__(self, projection: Projection[Any], limit: int = LIMIT) -> None:
        self._wanted = projection.courses
        self._kept = Kept[Key, Course | None](limit, _size)

    async def of(
        self, database: Database, streams: Iterable[Stream], until: Position
    ) -> Mapping[Key, Course | None]:
        """The structures of these streams' courses, by school and course.

        What is known already is not read again: tell what the view comes to by ``publish``.
        """
        if not self._wanted:
            return {}
        keys = {(stream.school, stream.course) for stream in streams}
        known = self._kept.known(keys)
        missing = [key for key in keys if key not in known]
        if missing:
            known |= await _read(database, missing, until)
        self._kept.keep(known)
        return known

    def publish(self, event: CourseStructurePublished) -> Course:
        """Take over a structure that the view comes to."""
        course = course_of(event)
        self._kept.keep({(event.school, event.course): course})
        return course

    def forget(self) -> None:
        """Read everything again."""
        self._kept.forget()


def _size(course: Course | None) -> int:
    return 1 if course is None else 1 + len(course.activities)


async def _read(database: Database, keys: list[Key], until: Position) -> dict[Key, Course | None]:
    streams = {course_stream(*key): key for key in keys}
    found: dict[Key, Course | None] = dict.fromkeys(keys)
    position = (str(until.transaction_id), until.notification_id)
    for row in await database.fetch(query("structures"), list(streams), *position):
        event = decode(row[1], row[2])
        if isinstance(event, CourseStructurePublished):
            found[streams[row[0]]] = course_of(event)
    return found
