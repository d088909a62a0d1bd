"""One view follows the log.

A step is one transaction: the stored states of the streams at hand are read, their events are
folded, and then come the first write, which moves the cursor, and the rows. A transaction has no
id before its first write, and one that has holds back every follower of the log, this one too:
so nothing is read and nothing folded after it.

Whoever finds the cursor moved by somebody else (another projector, or a rebuild that swapped
the view) has written nothing: it forgets what it knew and begins from where the cursor stands.
"""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import asyncpg

from contracts.events import CourseStructurePublished
from contracts.topics import Stream
from projections.definition import Change, Projection, Write
from services.projector.batches import Batch, before, fold_stream, read
from services.projector.cursors import Cursor, Keeper
from services.projector.errors import (
    PoisonEventError,
    ProjectionError,
    TotalsError,
    ViewVersionError,
)
from services.projector.feed import Decoded, Feed
from services.projector.kept import Kept
from services.projector.structures import Structures
from services.projector.totals import merged
from services.projector.views import View
from services.store.cursors import CursorMovedError
from services.store.failures import passes
from services.store.records import Position
from services.store.skips import NONE, skips_of

S = TypeVar("S")


class Limits(NamedTuple):
    """How much at a time.

    ``events`` a step; ``states`` kept in memory, in units of the projection's ``size``;
    ``streams`` a transaction after a structure change; ``bulk`` events from which an empty view
    is built stream by stream, which is faster.
    """

    events: int = 5_000
    states: int = 20_000
    streams: int = 1_000
    bulk: int = 20_000


class Follower(Generic[S]):
    """Moves one view forward."""

    def __init__(self, feed: Feed, view: View[S], keeper: Keeper, limits: Limits) -> None:
        self._feed = feed
        self._view = view
        self._keeper = keeper
        self._limits = limits
        self._structures = Structures(view.projection)
        self._states = Kept[Stream, S](limits.states, view.projection.size)
        self._cursor: Cursor | None = None
        self._skips = NONE

    @property
    def projection(self) -> Projection[S]:
        """What is followed."""
        return self._view.projection

    async def cursor(self) -> Cursor:
        """Where the view stands, as far as this follower knows.

        Raises:
            ViewVersionError: the view is not of this version.
        """
        if self._cursor is None:
            cursor = await self._keeper.read()
            if cursor.version != self.projection.version:
                raise ViewVersionError(
                    self.projection.name, cursor.version, self.projection.version
                )
            self._skips = await skips_of(self._view.pool, self.projection.name)
            self._cursor = cursor
        return self._cursor

    async def step(self) -> int:
        """Handle the next events; how many there were, 0 at the end of the log.

        Raises:
            PoisonEventError: the next event cannot be handled; all before it were.
            CursorMovedError: somebody else moved the view; the next step goes on from there.
        """
        cursor = await self.cursor()
        page = await self._feed.follow(self.projection.name, cursor.position, self._limits.events)
        if not page:
            return 0
        try:
            await self._handle_until_poison(page)
        except BaseException:
            self.forget()
            raise
        return len(page)

    def forget(self) -> None:
        """Begin again from what is stored."""
        self._cursor = None
        self._states.forget()
        self._structures.forget()

    async def _handle_until_poison(self, page: Sequence[Decoded]) -> None:
        try:
            await self._handle(read(page, self.projection, self._skips), len(page))
        except PoisonEventError as poison:
            self.forget()
            sound = before(page, poison)
            if sound:
                await self._handle_until_poison(sound)
            raise
        except Exception as error:
            if passes(error) or isinstance(error, CursorMovedError | ProjectionError):
                raise
            self.forget()
            await self._find_poison(page, error)

    async def _find_poison(self, page: Sequence[Decoded], error: Exception) -> None:
        """Halve a page of which some row is refused, down to the event whose rows are."""
        if len(page) == 1:
            position, name, version, *_ = page[0]
            raise PoisonEventError(self.projection.name, name, version, position, error) from error
        half = len(page) // 2
        await self._handle_until_poison(page[:half])
        await self._handle_until_poison(page[half:])

    async def _handle(self, batch: Batch, events: int) -> None:
        if batch.published:
            await self._try_out(batch)
        for event in batch.published:
            await self._summarise_anew(event)
        async with self._view.writing() as connection:
            changes = await self._changes(connection, batch)
            await self._put(connection, self._writes(changes), batch.end, events)
        self._stands_at(batch.end)
        if self.projection.restore is not None:
            self._states.keep({change.stream: change.after for change in changes})

    async def _try_out(self, batch: Batch) -> None:
        """Fold, so that no row follows a new structure ahead of an event that stops the view."""
        async with self._view.reading() as connection:
            await self._changes(connection, batch)

    async def _changes(self, connection: asyncpg.Connection, batch: Batch) -> list[Change[S]]:
        states = await self._load(connection, list(batch.streams))
        courses = await self._structures.of(connection, batch.streams, batch.end, self._skips)
        changes = []
        for stream, events in batch.streams.items():
            known = states.get(stream)
            after: S = fold_stream(self.projection, stream, known, events)
            course = courses.get((stream.school, stream.course))
            changes.append(Change(stream, known, after, course))
        return changes

    async def _summarise_anew(self, event: CourseStructurePublished) -> None:
        """Write a course's rows under its new structure, page by page (B9).

        Each page is a transaction of its own. The cursor moves only afterwards, with the
        structure's own batch: an end in between leads to the same rows once more.
        """
        course = self._structures.publish(event)
        position = (await self.cursor()).position
        last = ""
        while True:
            async with self._view.writing() as connection:
                streams = await self._view.streams_of(
                    connection, event.school, event.course, last, self._limits.streams
                )
                if not streams:
                    return
                states = await self._load(connection, streams)
                writes = self._writes(
                    [Change(it, states[it], states[it], course) for it in streams]
                )
                self._refuse_additions(writes)
                await self._put(connection, writes, position, handled=0)
            last = streams[-1].learner

    async def _load(
        self, connection: asyncpg.Connection, streams: Sequence[Stream]
    ) -> dict[Stream, S]:
        known = self._states.known(streams)
        missing = [stream for stream in streams if stream not in known]
        return known | await self._view.load(connection, missing)

    def _writes(self, changes: Sequence[Change[S]]) -> list[Write]:
        return self.projection.writes(changes) if changes else []

    def _refuse_additions(self, writes: Sequence[Write]) -> None:
        for name, rows in writes:
            totals = self._view.totals_of(name)
            if totals is not None and merged(totals, rows):
                raise TotalsError(self.projection.name, name)

    async def _put(
        self, connection: asyncpg.Connection, writes: Sequence[Write], to: Position, handled: int
    ) -> None:
        cursor = await self.cursor()
        if not await self._keeper.move(connection, cursor, to, handled):
            raise CursorMovedError(
                f"the cursor of {self.projection.name} is no longer at {cursor.position}"
            )
        await self._view.write(connection, writes)

    def _stands_at(self, position: Position) -> None:
        if self._cursor is not None:
            self._cursor = self._cursor._replace(position=position, error=None, failed_at=None)
