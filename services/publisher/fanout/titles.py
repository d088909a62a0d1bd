"""Titles of courses, activities and programmes, as their latest structures have them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from contracts.events import CourseStructurePublished, LearningProgramPublished
from contracts.topics import course_stream, program_stream
from services.domain.happenings import Happening
from services.store.mapper import LoggedEvent

LIMIT = 500
"""Structures whose titles are kept; some 15 kB for a course of a hundred activities."""


class Titles(NamedTuple):
    """Of a course with its activities, or of a programme; what has none is not there."""

    title: str | None = None
    activities: Mapping[str, str] = MappingProxyType({})

    def of(self, activity: str | None) -> str | None:
        """The activity's, none where the latest structure has not the activity any more."""
        return None if activity is None else self.activities.get(activity)


UNTITLED = Titles()


def titles_of(event: LoggedEvent) -> Titles | None:
    """What a structure says; none of other events."""
    match event:
        case CourseStructurePublished(structure=course):
            named = {it.activity: it.title for it in course.activities() if it.title is not None}
            return Titles(course.title, named)
        case LearningProgramPublished(structure=program):
            return Titles(program.title)
        case _:
            return None


def stream_of(happening: Happening) -> str:
    """The stream that says what it is about is called."""
    if happening.program is not None:
        return program_stream(happening.school, happening.program)
    return course_stream(happening.school, happening.course or "")
