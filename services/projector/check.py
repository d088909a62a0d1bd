"""Is a view what its events say? Every stream folded anew and held against its rows.

Each page is read in one snapshot, the cursor, the events and the rows alike, so that a view may
move while it is checked. One thing can still deceive: while a course is summarised anew, its
rows are ahead of the cursor. So a page with differences is looked at once more at the end.
Totals belong to no stream, and are held against all of them: see ``check_totals``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import asyncpg

from contracts.topics import Stream
from projections.definition import Change, Projection, Recorded, Row
from projections.sql import statement
from services.domain.course import Course
from services.projector import history
from services.projector.batches import fold_stream
from services.projector.check_totals import check_totals
from services.projector.checked import SHOWN, Checked, Difference
from services.projector.cursors import StoredCursor
from services.projector.errors import ViewVersionError
from services.projector.structures import Structures
from services.projector.views import View
from services.store.log import EventLog
from services.store.records import ORIGIN, Position
from services.store.skips import NONE, skips_of

PAGE = 5_000
"""Events a page."""


async def check(
    log: EventLog,
    projection: Projection[Any],
    on_progress: Callable[[int], None] | None = None,
) -> Checked:
    """Hold every row of the view against the log, as far as the view has followed it.

    Raises:
        ViewVersionError: the view is not of this version, or was never built.
        PoisonEventError: an event cannot be decoded or folded.
    """
    version = (await StoredCursor(log.pool, projection.name).read()).version
    if version != projection.version:
        raise ViewVersionError(projection.name, version, projection.version)
    progressed = on_progress or (lambda _events: None)
    parts = []
    if projection.tables:
        parts.append(await _Check(log, projection).run(progressed))
    if projection.totals:
        again = _quietly if parts else progressed
        parts.append(await check_totals(log, projection, again))
    return _together(parts)


def _quietly(_events: int) -> None:
    """The second reading of the same events is no progress to tell."""


def _together(parts: list[Checked]) -> Checked:
    """Both look at the same streams, or at a few more where the view has moved meanwhile."""
    return Checked(
        streams=max(it.streams for it in parts),
        events=max(it.events for it in parts),
        differing=sum(it.differing for it in parts),
        differences=[found for it in parts for found in it.differences][:SHOWN],
    )


class _Page(NamedTuple):
    events: int
    streams: int
    last: str
    differences: list[Difference]


class _Check:
    def __init__(self, log: EventLog, projection: Projection[Any]) -> None:
        self._log = log
        self._projection = projection
        self._view = View(log.pool, projection, projection.name)
        self._cursor = StoredCursor(log.pool, projection.name)
        self._structures = Structures(projection)
        self._position = ORIGIN
        self._skips = NONE

    async def run(self, on_progress: Callable[[int], None]) -> Checked:
        after, events, streams = "", 0, 0
        suspects: list[str] = []
        while (page := await self._page(after)).events:
            events, streams = events + page.events, streams + page.streams
            if page.differences:
                suspects.append(after)
            after = page.last
            on_progress(events)
        found = [it for suspect in suspects for it in (await self._page(suspect)).differences]
        found += await self._strays()
        return Checked(streams, events, len(found), found[:SHOWN])

    async def _page(self, after: str) -> _Page:
        """Check the streams that come after one name."""
        async with self._view.reading("repeatable_read") as connection:
            position = (await self._cursor.read_in(connection)).position
            self._skips = await skips_of(connection, self._projection.name)
            page = await history.page(connection, self._projection, after, position, PAGE)
            expected = await self._expected(connection, page, position)
            found = await self._found(connection, list(expected))
        differences = [it for stream in expected for it in _differ(stream, expected[stream], found)]
        return _Page(page.events, len(expected), page.last, differences)

    async def _expected(
        self, connection: asyncpg.Connection, page: history.Page, position: Position
    ) -> dict[Stream, dict[str, list[Row]]]:
        """The rows of each stream, by table, as its events have them."""
        if position != self._position:
            self._structures.forget()
            self._position = position
        named = history.named(page, self._projection, self._skips)
        courses = await self._structures.of(connection, dict(named), position, self._skips)
        expected: dict[Stream, dict[str, list[Row]]] = {}
        for stream, rows in named:
            events = history.recorded(rows, self._projection)
            course = courses.get((stream.school, stream.course))
            expected[stream] = self._rows_of(stream, events, course) if events else {}
        return expected

    def _rows_of(
        self, stream: Stream, events: list[Recorded], course: Course | None
    ) -> dict[str, list[Row]]:
        after = fold_stream(self._projection, stream, None, events)
        writes = self._projection.writes([Change(stream, None, after, course)])
        return {
            table.name: list(write.rows)
            for write in writes
            if (table := self._view.table_of(write.statement)) is not None
        }

    async def _found(
        self, connection: asyncpg.Connection, streams: list[Stream]
    ) -> Mapping[str, Mapping[Stream, list[Row]]]:
        """The stored rows by table and stream."""
        if not streams:
            return {table.name: {} for table in self._projection.tables}
        names = [table.name for table in self._projection.tables]
        stored = await self._view.rows(connection, names, streams)
        return {name: _by_stream(rows) for name, rows in stored.items()}

    async def _strays(self) -> Iterator[Difference]:
        """Rows of streams that the log has not."""
        async with self._view.reading() as connection:
            rows = await connection.fetch(statement(self._projection.package, "strays"))
        return (Difference(Stream(*row[1:4]), row[0], (), (tuple(row[1:4]),)) for row in rows)


def _by_stream(rows: Iterable[Row]) -> dict[Stream, list[Row]]:
    streams: dict[Stream, list[Row]] = {}
    for row in rows:
        streams.setdefault(Stream(row[0], row[1], row[2]), []).append(row)
    return streams


def _differ(
    stream: Stream,
    expected: Mapping[str, list[Row]],
    found: Mapping[str, Mapping[Stream, list[Row]]],
) -> Iterator[Difference]:
    for table, streams in found.items():
        wanted = {_comparable(row) for row in expected.get(table, ())}
        stored = {_comparable(row) for row in streams.get(stream, ())}
        if wanted != stored:
            yield Difference(stream, table, tuple(wanted - stored), tuple(stored - wanted))


def _comparable(row: Row) -> Row:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)
