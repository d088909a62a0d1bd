"""A view's empty tables filled from the whole log as of a position, stream by stream.

Three things go on at once: PostgreSQL reads the next page, this process folds one, PostgreSQL
takes in the rows of the one before. Folding lets the other two on after every few streams.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from contracts.topics import Stream
from projections.definition import Change, Projection, Write
from services.projector import history
from services.projector.batches import fold_stream
from services.projector.collecting import few_collections
from services.projector.structures import Structures
from services.projector.views import View
from services.store.log import EventLog
from services.store.records import Position

PAGE = 5_000
"""Events a page."""
TURN = 16
"""Streams folded before reading and writing get their turn."""

Progressed = Callable[[int], None]


class Source(NamedTuple):
    """What is read: a log, and how far."""

    log: EventLog
    end: Position


async def fill(source: Source, view: View[Any], progressed: Progressed) -> None:
    """Copy the rows of every stream as of the end.

    Raises:
        PoisonEventError: an event cannot be decoded or folded.
    """
    with few_collections():
        async with source.log.pool.acquire() as reader:
            await _Filling(source, view, progressed).run(reader)


class _Filling:
    def __init__(self, source: Source, view: View[Any], progressed: Progressed) -> None:
        self._end = source.end
        self._view = view
        self._progressed = progressed
        self._structures = Structures(source.log.pool, view.projection)

    async def run(self, reader: Any) -> None:
        reading = asyncio.create_task(history.page(reader, "", self._end, PAGE))
        writing = asyncio.create_task(self._write([]))
        try:
            while (page := await reading).streams:
                reading = asyncio.create_task(history.page(reader, page.last, self._end, PAGE))
                writes = await self._fold(page)
                await writing
                writing = asyncio.create_task(self._write(writes))
                self._progressed(page.events)
            await writing
        finally:
            reading.cancel()
            writing.cancel()
            await asyncio.gather(reading, writing, return_exceptions=True)

    async def _fold(self, page: history.Page) -> list[Write]:
        projection: Projection[Any] = self._view.projection
        streams = [(Stream.parse(name), rows) for name, rows in page.streams]
        courses = await self._structures.of([stream for stream, _ in streams], self._end)
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
