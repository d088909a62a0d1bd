"""Events put into a real log as they stand in a spec, stream by stream, version by version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.events import CourseStructurePublished, Event
from contracts.topics import Stream, course_stream
from services.domain.evolve import evolve
from services.domain.state import NOTHING, Progress
from services.store.mapper import LoggedEvent, encode
from tests.support.school import COURSE, LEARNER, SCHOOL
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from services.domain.course import Course
    from services.store.log import EventLog
    from tests.support.happened import Draft

MINE = Stream(SCHOOL, LEARNER, COURSE)


class Appender:
    """Knows how long each stream is, and which attempt it is in."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._versions: dict[str, int] = {}
        self._states: dict[Stream, Progress] = {}

    async def happened(self, *drafts: Draft, to: Stream = MINE, **common: Any) -> None:
        """Append what happened to a learner in a course, in one transaction."""
        await self.append([(str(to), event) for event in self.events(*drafts, to=to, **common)])

    def events(self, *drafts: Draft, to: Stream = MINE, **common: Any) -> list[Event]:
        """The events of drafts; they follow on those that were made for the stream before."""
        events = []
        for each in drafts:
            state = self._states.get(to, NOTHING)
            fields = BEFORE | to._asdict() | {"attempt": state.attempt} | common
            events.append(each.completed(fields))
            self._states[to] = evolve(state, events[-1])
        return events

    async def published(self, course: Course, school: str = SCHOOL, name: str = COURSE) -> None:
        """Append a structure to its course's stream."""
        structure = course.structure.model_copy(update={"school": school, "course": name})
        event = CourseStructurePublished(
            school=school,
            course=name,
            structure_version=course.version,
            structure=structure,
            recorded_at=course.published_at,
        )
        await self.append([(course_stream(school, name), event)])

    async def append(self, events: list[tuple[str, LoggedEvent]]) -> None:
        """Append events to their streams, in one transaction."""
        await self._log.append([encode(name, self._next(name), event) for name, event in events])

    def _next(self, name: str) -> int:
        self._versions[name] = self._versions.get(name, 0) + 1
        return self._versions[name]
