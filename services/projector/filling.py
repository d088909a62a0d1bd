"""A view's empty tables filled from the whole log as of a position, stream by stream.

Three things go on at once: PostgreSQL reads the next page, this process folds one, PostgreSQL
takes in the rows of the one before. Folding lets the other two on after every few streams.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import asyncpg

from contracts.topics import Stream
from projections.definition import Change, Projection, Write
from services.domain.course import Course
from services.projector import history
from services.projector.batches import fold_stream
from services.projector.structures import Key, Structures
from services.projector.views import View
from services.runtime.collecting import few_collections
from services.store.records import Position
from services.store.skips import NONE, skips_of

PAGE = 2_000
"""Events a page."""
TURN = 16
"""Streams folded before reading and writing get their turn."""

Progressed = Callable[[int], None]


async def fill(
    reader: asyncpg.Connection, end: Position, view: View[Any], progressed: Progressed
) -> None:
    """Copy the rows of every stream as of the end; the reader reads the log.

    Raises:
        PoisonEventError: an event cannot be decoded or folded.
    """
    with few_collections():
        await _Filling(reader, end, view, progressed).run()


class _Filling:
    def __init__(
        self,
        reader: asyncpg.Connection,
        end: Position,
        view: View[Any],
        progressed: Progressed,
    ) -> None:
        self._reader = reader
        self._end = end
        self._view = view
        self._progressed = progressed
        self._structures = Structures(view.projection)
        self._skips = NONE

    async def run(self) -> None:
        self._skips = await skips_of(self._reader, self._view.projection.name)
        reading = self._read_after("")
        writing = asyncio.create_task(self._write([]))
        try:
            while (page := await reading).streams:
                streams = history.named(page, self._view.projection, self._skips)
                courses = await self._structures.of(
                    self._reader, dict(streams), self._end, self._skips
                )
                reading = self._read_after(page.last)
                writes = await self._fold(streams, courses)
                await writing
                writing = asyncio.create_task(self._write(writes))
                self._progressed(page.events)
            await writing
        finally:
            reading.cancel()
            writing.cancel()
            await asyncio.gather(reading, writing, return_exceptions=True)

    def _read_after(self, name: str) -> asyncio.Task[history.Page]:
        projection = self._view.projection
        return asyncio.create_task(history.page(self._reader, projection, name, self._end, PAGE))

    async def _fold(
        self,
        streams: Sequence[tuple[Stream, list[asyncpg.Record]]],
        courses: Mapping[Key, Course | None],
    ) -> list[Write]:
        projection: Projection[Any] = self._view.projection
        changes = []
        for count, (stream, rows) in enumerate(streams):
            events = history.recorded(rows, projection)
            if events:
                after = fold_stream(projection, stream, None, events)
                course = courses.get((stream.school, stream.course))
                changes.append(Change(stream, None, after, course))
            if count % TURN == 0:
                await asyncio.sleep(0)
        return projection.writes(changes) if changes else []

    async def _write(self, writes: Sequence[Write]) -> None:
        if writes:
            async with self._view.writing() as connection:
                await self._view.fill(connection, writes)
