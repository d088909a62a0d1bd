"""Course structures into the log: a higher version is appended, any other changes nothing (B9)."""

from collections.abc import Callable, Sequence
from datetime import datetime

from contracts import registry, topics
from contracts.catalog import CourseStructure, LearningProgram
from contracts.events import CourseStructurePublished
from contracts.topics import course_stream
from services.runtime.bus.intake import check_key, receive
from services.runtime.bus.letters import Problem
from services.runtime.bus.record import Record
from services.runtime.bus.undeliverable import DeadRecord
from services.store.courses import CourseCache
from services.store.log import EventLog, VersionConflict
from services.store.mapper import encode
from services.store.records import NewEvent

TRIES = 20
"""Two consumers meet on one course only while the group changes hands."""


class Catalog:
    """Appends structures to one log; ``clock`` tells the time that they are recorded at."""

    def __init__(self, log: EventLog, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._clock = clock
        self._courses = CourseCache(log)

    async def handle(self, records: Sequence[Record]) -> list[DeadRecord]:
        """Append what is new; returns the records that are no structures."""
        structures: list[CourseStructure] = []
        dead: list[DeadRecord] = []
        for record in records:
            structure = _structure(record)
            if isinstance(structure, Problem):
                dead.append((record, structure))
            else:
                structures.append(structure)
        await self._publish(structures)
        return dead

    async def _publish(self, structures: Sequence[CourseStructure]) -> None:
        streams = {course_stream(s.school, s.course) for s in structures}
        for remaining in reversed(range(TRIES)):
            await self._courses.refresh(streams)
            try:
                await self._log.append(self._new(structures))
            except VersionConflict:
                if not remaining:
                    raise
            else:
                return

    def _new(self, structures: Sequence[CourseStructure]) -> list[NewEvent]:
        latest: dict[str, tuple[int, int]] = {}
        events: list[NewEvent] = []
        for structure in structures:
            school, course = structure.school, structure.course
            name = course_stream(school, course)
            known = self._courses.get(school, course)
            at, version = latest.get(
                name, (self._courses.version(school, course), known.version if known else 0)
            )
            if structure.version > version:
                latest[name] = at + 1, structure.version
                events.append(encode(name, at + 1, self._event(structure)))
        return events

    def _event(self, structure: CourseStructure) -> CourseStructurePublished:
        return CourseStructurePublished(
            school=structure.school,
            course=structure.course,
            structure_version=structure.version,
            structure=structure,
            recorded_at=self._clock(),
        )


def _structure(record: Record) -> CourseStructure | Problem:
    if record.value is None:
        return Problem(
            "structure_kept",
            "A course's structure stays in the log for its learners; publish a new version instead "
            "of a tombstone.",
        )
    structure = receive(record, registry.CATALOG, topics.CATALOG)
    if isinstance(structure, Problem):
        return structure
    if isinstance(structure, LearningProgram):
        return Problem("unknown_type", "Learning programmes are not taken in yet.")
    return check_key(record, f"{structure.school}/{structure.course}") or structure
