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
from services.store.mapper import LoggedEvent, decode
from services.store.poison import PoisonEventError
from services.store.records import Position
from services.store.skips import Skips

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
        self._projection = projection
        self._kept = Kept[Key, Course | None](limit, _size)

    async def of(
        self, database: Database, streams: Iterable[Stream], until: Position, skips: Skips
    ) -> Mapping[Key, Course | None]:
        """The structures of these streams' courses, by school and course.

        What is known already is not read again: tell what the view comes to by ``publish``.

        Raises:
            PoisonEventError: a structure cannot be decoded.
        """
        if not self._projection.courses:
            return {}
        keys = {(stream.school, stream.course) for stream in streams}
        known = self._kept.known(keys)
        missing = [key for key in keys if key not in known]
        if missing:
            known |= await self._read(database, missing, until, skips)
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

    async def _read(
        self, database: Database, keys: list[Key], until: Position, skips: Skips
    ) -> dict[Key, Course | None]:
        streams = {course_stream(*key): key for key in keys}
        found: dict[Key, Course | None] = dict.fromkeys(keys)
        position = (str(until.transaction_id), until.notification_id)
        skipped = [name for name, _ in skips], [version for _, version in skips]
        for row in await database.fetch(query("structures"), list(streams), *position, *skipped):
            event = self._decoded(*row)
            if isinstance(event, CourseStructurePublished):
                found[streams[row[0]]] = course_of(event)
        return found

    def _decoded(self, name: str, version: int, topic: str, state: bytes, *at: int) -> LoggedEvent:
        try:
            return decode(topic, state)
        except (ValueError, LookupError) as error:
            position = Position(*at)
            raise PoisonEventError(self._projection.name, name, version, position, error) from error


def _size(course: Course | None) -> int:
    return 1 if course is None else 1 + len(course.activities)
