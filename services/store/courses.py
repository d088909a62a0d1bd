"""The latest structure of each course, read from the log and kept in memory."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from contracts.events import CourseStructurePublished
from contracts.topics import course_stream
from services.domain.course import Course
from services.store.log import EventLog
from services.store.mapper import decode
from services.store.records import NewEvent

LIMIT = 2_000
"""Courses kept; the longest unused ones go first."""


class Known(NamedTuple):
    """A course as far as its stream was read; ``version`` is the stream's, not the structure's."""

    version: int
    course: Course | None


UNREAD = Known(0, None)


class CourseCache:
    """Courses by stream name; ``refresh`` reads only what came since the last time."""

    def __init__(self, log: EventLog, limit: int = LIMIT) -> None:
        self._log = log
        self._limit = limit
        self._known: dict[str, Known] = {}

    async def refresh(self, streams: Iterable[str]) -> None:
        """Read what is new in these courses' streams, in one query."""
        self.absorb(await self._log.load(self.wanted(streams)))

    def wanted(self, streams: Iterable[str]) -> dict[str, int]:
        """Each stream with the version that is known of it, as ``EventLog.load`` takes it."""
        return {name: self._known.get(name, UNREAD).version for name in streams}

    def absorb(self, loaded: Mapping[str, list[NewEvent]]) -> None:
        """Take over what was loaded of the streams that ``wanted`` named."""
        for name, events in loaded.items():
            known = self._known.pop(name, UNREAD)
            for event in events:
                structure = decode(event.topic, event.state)
                if isinstance(structure, CourseStructurePublished):
                    known = Known(event.originator_version, course_of(structure))
            self._known[name] = known
        for name in list(islice(self._known, max(0, len(self._known) - self._limit))):
            del self._known[name]

    def get(self, school: str, course: str) -> Course | None:
        """The course, none where its stream is empty or was never refreshed."""
        return self._known.get(course_stream(school, course), UNREAD).course

    def version(self, school: str, course: str) -> int:
        """The version of the course's stream, 0 where it is empty or was never refreshed."""
        return self._known.get(course_stream(school, course), UNREAD).version


def course_of(event: CourseStructurePublished) -> Course:
    """The structure as the rules take it."""
    return Course(event.structure, event.recorded_at)
