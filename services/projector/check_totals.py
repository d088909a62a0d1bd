"""Are a view's totals what the events of all streams add up to?

Stored sums and cursor are read in one snapshot. What the log holds up to that cursor never
changes, so it is then read at leisure, page by page.
"""

from collections.abc import Callable, Iterator
from typing import Any

import asyncpg

from projections.definition import Change, Projection, Row
from services.projector import history
from services.projector.batches import fold_stream
from services.projector.checked import SHOWN, Checked, Difference
from services.projector.cursors import StoredCursor
from services.projector.structures import Structures
from services.projector.totals import Sums, add, rows_of
from services.projector.views import View
from services.store.log import EventLog
from services.store.records import Position
from services.store.skips import Skips, skips_of

PAGE = 5_000
"""Events a page."""


async def check_totals(
    log: EventLog, projection: Projection[Any], on_progress: Callable[[int], None]
) -> Checked:
    """Hold all totals of the view against the log, as far as the view has followed it.

    Raises:
        PoisonEventError: an event cannot be decoded or folded.
    """
    view = View(log.pool, projection, projection.name)
    async with view.reading("repeatable_read") as connection:
        end = (await StoredCursor(log.pool, projection.name).read_in(connection)).position
        skips = await skips_of(connection, projection.name)
        found = {it.name: await view.sums(connection, it) for it in projection.totals}
    adding = _Adding(log, view, end, skips)
    await adding.run(on_progress)
    differences = [
        it
        for totals in projection.totals
        for it in _differ(totals.name, adding.sums[totals.name], found[totals.name])
    ]
    return Checked(adding.streams, adding.events, len(differences), differences[:SHOWN])


class _Adding:
    """Adds up what each stream's events say."""

    def __init__(self, log: EventLog, view: View[Any], end: Position, skips: Skips) -> None:
        self._log = log
        self._view = view
        self._end = end
        self._skips = skips
        self._projection: Projection[Any] = view.projection
        self._structures = Structures(view.projection)
        self.sums: dict[str, Sums] = {it.name: {} for it in view.projection.totals}
        self.streams = self.events = 0

    async def run(self, on_progress: Callable[[int], None]) -> None:
        after = ""
        while True:
            async with self._log.pool.acquire() as connection:
                page = await history.page(connection, self._projection, after, self._end, PAGE)
                changes = await self._changes(connection, page)
            if not page.events:
                return
            self._add(changes)
            self.streams += len(changes)
            self.events += page.events
            after = page.last
            on_progress(self.events)

    async def _changes(
        self, connection: asyncpg.Connection, page: history.Page
    ) -> list[Change[Any]]:
        streams = dict(history.named(page, self._projection, self._skips))
        courses = await self._structures.of(connection, streams, self._end, self._skips)
        changes = []
        for stream, rows in streams.items():
            events = history.recorded(rows, self._projection)
            if not events:
                continue
            after = fold_stream(self._projection, stream, None, events)
            course = courses.get((stream.school, stream.course))
            changes.append(Change(stream, None, after, course))
        return changes

    def _add(self, changes: list[Change[Any]]) -> None:
        for name, rows in self._projection.writes(changes) if changes else ():
            totals = self._view.totals_of(name)
            if totals is not None:
                add(totals, self.sums[totals.name], rows)


def _differ(table: str, expected: Sums, found: Sums) -> Iterator[Difference]:
    """A difference for each key; sums of 0 are as no row."""
    for key in {**expected, **found}:
        missing, unexpected = _row(key, expected), _row(key, found)
        if missing != unexpected:
            yield Difference(None, table, missing, unexpected)


def _row(key: Row, sums: Sums) -> tuple[Row, ...]:
    return tuple(rows_of({key: sums[key]})) if key in sums else ()
