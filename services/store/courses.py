"""The latest structure of each course, read from the log and kept in memory."""

from collections.abc import Iterable

import asyncpg

from contracts.events import CourseStructurePublished
from contracts.topics import Stream, course_stream
from services.domain.course import Course
from services.store.latest import Latest
from services.store.log import EventLog
from services.store.mapper import LoggedEvent, decode
from services.store.records import NewEvent
from services.store.sql import query

LIMIT = 2_000
"""Courses kept; the longest unused ones go first."""


class CourseCache(Latest[Course]):
    """Courses by school and course; refreshed by stream name."""

    def __init__(self, log: EventLog, limit: int = LIMIT) -> None:
        super().__init__(log, _course, limit)

    def get(self, school: str, course: str) -> Course | None:
        """The course, none where its stream is empty or was never refreshed."""
        return self.latest(course_stream(school, course))

    def version(self, school: str, course: str) -> int:
        """The version of the course's stream, 0 where it is empty or was never refreshed."""
        return self.reached(course_stream(school, course))


async def courses_of_school(pool: asyncpg.Pool, school: str, after: str, limit: int) -> list[str]:
    """The ids of the courses that have a structure, in order: so many after one."""
    rows = await pool.fetch(query("courses_of_school"), school, after, limit)
    return [Stream.parse(row[0]).course for row in rows]


def course_of(event: CourseStructurePublished) -> Course:
    """The structure as the rules take it."""
    return Course(event.structure, event.recorded_at)


def versions(stored: Iterable[NewEvent]) -> dict[int, Course]:
    """Each structure of a course's stream by its version."""
    events = (decode(event.topic, event.state) for event in stored)
    courses = (_course(event) for event in events)
    return {course.version: course for course in courses if course is not None}


def _course(event: LoggedEvent) -> Course | None:
    return course_of(event) if isinstance(event, CourseStructurePublished) else None
