"""A view built anew beside the one that serves, and swapped for it.

1. Into the schema ``<name>_rebuild``: the log stream by stream up to where it ends now. Whole
   streams are folded and copied, each page in a transaction of its own.
2. From there in commit order, as every follower does, until the new view is as far as the old.
3. In one transaction: the old cursor is locked, so that the old view stands still; the schemas
   are renamed; the cursor goes to where the new view stands, never backwards.
4. The old schema is dropped, in a transaction of its own; one that is being read is left.

Until 3 commits nothing of the old view has changed, so a rebuild that fails leaves it serving.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import perf_counter
from typing import Any, NamedTuple

import asyncpg

from projections.definition import Projection
from services.projector.cursors import Cursor, HeldCursor, StoredCursor
from services.projector.errors import RebuildBehindError, RebuildRunningError, ViewVersionError
from services.projector.feed import Feed
from services.projector.filling import Progressed, fill
from services.projector.follower import Follower, Limits
from services.projector.sql import query
from services.projector.views import View
from services.store.log import EventLog
from services.store.records import Position

SWAPS = 200
"""How often a swap is tried while the old view is ahead."""
DROPS = 5


class Rebuilt(NamedTuple):
    """What a rebuild did; ``seconds`` up to and with the swap."""

    events: int
    seconds: float
    position: Position


async def ensure(log: EventLog, projection: Projection[Any]) -> Cursor:
    """Make the view, empty, where there is none yet; gives its cursor."""
    cursor = StoredCursor(log.pool, projection.name)
    view = View(log.pool, projection, projection.name)
    found = await cursor.read()
    if not found.version:
        async with log.pool.acquire() as connection, connection.transaction():
            if await cursor.create(connection, projection.version):
                await view.create(connection)
        found = await cursor.read()
    return found


async def rebuild(
    log: EventLog,
    projection: Projection[Any],
    limits: Limits,
    on_progress: Progressed | None = None,
) -> Rebuilt:
    """Build the view anew and swap it in.

    Raises:
        ProjectionError: it could not be built; the old view is as it was.
    """
    began = perf_counter()
    async with alone(log.pool, projection.name) as connection:
        await _refuse_newer(log, projection)
        rebuilding = Rebuild(log, projection, limits, on_progress)
        position = await rebuilding.run(connection)
    return Rebuilt(rebuilding.events, perf_counter() - began, position)


class Rebuild:
    """One rebuild; ``events`` counts what it has handled."""

    def __init__(
        self,
        log: EventLog,
        projection: Projection[Any],
        limits: Limits,
        on_progress: Progressed | None = None,
    ) -> None:
        self._log = log
        self._projection = projection
        self._limits = limits
        self._on_progress = on_progress
        self._view = View(log.pool, projection, f"{projection.name}_rebuild")
        self.events = 0

    async def run(self, reader: asyncpg.Connection) -> Position:
        """All of it; where the new view stood when it was swapped in.

        With the reader it takes two connections at a time, whatever the pool has.
        """
        await self._drop_leftovers()
        async with reader.transaction():
            await self._view.create(reader)
        try:
            end = await self._log.head()
            await fill(reader, end, self._view, self._progressed)
            position = await self._overtake(end)
        except BaseException:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._drop_leftovers()
            raise
        await self._drop_leftovers()
        return position

    async def _overtake(self, start: Position) -> Position:
        """Follow until the new view is as far as the old, and swap."""
        keeper = HeldCursor(self._projection.version, start)
        feed = Feed(self._log)
        follower = Follower(feed, self._view, keeper, self._limits)
        try:
            for _ in range(SWAPS):
                while count := await follower.step():
                    self._progressed(count)
                position = (await keeper.read()).position
                if await self._swap(position):
                    return position
        finally:
            await feed.close()
        raise RebuildBehindError(
            f"the view {self._projection.name} moved on faster than its rebuild could follow; "
            "it serves as before; rebuild it when there is less to do"
        )

    async def _swap(self, position: Position) -> bool:
        """Put the new view in the old one's place; False where the old one is further on."""
        cursor = StoredCursor(self._log.pool, self._projection.name)
        async with self._log.pool.acquire() as connection, connection.transaction():
            old = await cursor.lock(connection)
            if old.position > position:
                return False
            name = self._projection.name
            await connection.execute(query("view_name"), name)
            await connection.execute(query("view_old_name"), f"{name}_old_{old.generation}")
            await connection.execute(query("view_swap"))
            await cursor.swap(connection, self._projection.version, position)
        return True

    async def _drop_leftovers(self) -> None:
        """Drop schemas that nobody needs; one that is still being read is left for next time."""
        leftovers = await self._log.pool.fetch(query("view_leftovers"), self._projection.name)
        for schema in [row[0] for row in leftovers]:
            for _ in range(DROPS):
                with suppress(asyncpg.LockNotAvailableError):
                    await self._drop_now(schema)
                    break

    async def _drop_now(self, schema: str) -> None:
        async with self._log.pool.acquire() as connection, connection.transaction():
            await connection.execute(query("view_name"), schema)
            await connection.execute(query("view_drop"))

    def _progressed(self, events: int) -> None:
        self.events += events
        if self._on_progress is not None:
            self._on_progress(self.events)


async def _refuse_newer(log: EventLog, projection: Projection[Any]) -> None:
    cursor = await ensure(log, projection)
    if cursor.version > projection.version:
        raise ViewVersionError(projection.name, cursor.version, projection.version)


@asynccontextmanager
async def alone(pool: asyncpg.Pool, name: str) -> AsyncIterator[asyncpg.Connection]:
    """One rebuild of a view at a time, in whichever process.

    The session holds the lock; its pool takes the lock away when the connection comes back.
    """
    async with pool.acquire() as connection:
        if not await connection.fetchval(query("rebuild_lock"), name):
            raise RebuildRunningError(
                f"the view {name} is being rebuilt already; wait until that is done"
            )
        yield connection
