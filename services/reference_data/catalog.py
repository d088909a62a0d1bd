"""Course structures and learning programmes into the log (B9, B12).

A higher version is appended to the structure's own stream, any other changes nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from contracts import registry, topics
from contracts.catalog import CourseStructure, LearningProgram
from contracts.events import CourseStructurePublished, LearningProgramPublished
from contracts.topics import course_stream, program_stream
from services.runtime.bus.intake import check_key, receive
from services.runtime.bus.letters import Problem
from services.runtime.bus.record import Record
from services.runtime.bus.undeliverable import DeadRecord
from services.store.latest import Latest
from services.store.log import EventLog, VersionConflict
from services.store.mapper import LoggedEvent, encode
from services.store.records import NewEvent

TRIES = 20
"""Two consumers meet on one structure only while the group changes hands."""
KEPT = 50_000
"""Structures whose versions are kept in memory."""

Structure = CourseStructure | LearningProgram


class _Published(NamedTuple):
    """A structure, and the stream that it belongs to."""

    stream: str
    structure: Structure


class Catalog:
    """Appends structures to one log; ``clock`` tells the time that they are recorded at."""

    def __init__(self, log: EventLog, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._clock = clock
        self._versions = Latest(log, _version, KEPT)

    async def handle(self, records: Sequence[Record]) -> list[DeadRecord]:
        """Append what is new; returns the records that are no structures."""
        published: list[_Published] = []
        dead: list[DeadRecord] = []
        for record in records:
            read = _read(record)
            if isinstance(read, Problem):
                dead.append((record, read))
            else:
                published.append(read)
        await self._publish(published)
        return dead

    async def _publish(self, published: Sequence[_Published]) -> None:
        streams = {it.stream for it in published}
        for remaining in reversed(range(TRIES)):
            await self._versions.refresh(streams)
            try:
                await self._log.append(self._new(published))
            except VersionConflict:
                if not remaining:
                    raise
            else:
                return

    def _new(self, published: Sequence[_Published]) -> list[NewEvent]:
        latest: dict[str, tuple[int, int]] = {}
        events: list[NewEvent] = []
        for stream, structure in published:
            at, version = latest.get(
                stream, (self._versions.reached(stream), self._versions.latest(stream) or 0)
            )
            if structure.version > version:
                latest[stream] = at + 1, structure.version
                events.append(encode(stream, at + 1, self._event(structure)))
        return events

    def _event(self, structure: Structure) -> CourseStructurePublished | LearningProgramPublished:
        if isinstance(structure, LearningProgram):
            return LearningProgramPublished(
                school=structure.school,
                program=structure.program,
                program_version=structure.version,
                structure=structure,
                recorded_at=self._clock(),
            )
        return CourseStructurePublished(
            school=structure.school,
            course=structure.course,
            structure_version=structure.version,
            structure=structure,
            recorded_at=self._clock(),
        )


def _version(event: LoggedEvent) -> int | None:
    match event:
        case CourseStructurePublished():
            return event.structure_version
        case LearningProgramPublished():
            return event.program_version
        case _:
            return None


def _read(record: Record) -> _Published | Problem:
    if record.value is None:
        return Problem(
            "structure_kept",
            "The structure of a course or a learning programme stays in the log for its learners; "
            "publish a new version instead of a tombstone.",
        )
    structure = receive(record, registry.CATALOG, topics.CATALOG)
    if isinstance(structure, Problem):
        return structure
    if isinstance(structure, LearningProgram):
        stream = program_stream(structure.school, structure.program)
        return check_key(record, stream) or _Published(stream, structure)
    key = f"{structure.school}/{structure.course}"
    stream = course_stream(structure.school, structure.course)
    return check_key(record, key) or _Published(stream, structure)
