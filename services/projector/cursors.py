"""The cursor of a view: moved in the transaction that writes the view's rows."""

from datetime import datetime
from typing import NamedTuple, Protocol

import asyncpg

from services.projector.sql import query
from services.store.placement import MAIN
from services.store.records import ORIGIN, Position


class Cursor(NamedTuple):
    """Where a view stands.

    ``generation`` rises with each swap; ``error`` is why it has stopped, if it has.
    """

    version: int = 0
    generation: int = 0
    position: Position = ORIGIN
    error: str | None = None
    failed_at: datetime | None = None


class Keeper(Protocol):
    """Whoever keeps the cursor of a view."""

    async def read(self) -> Cursor:
        """Where it stands."""

    async def move(
        self, connection: asyncpg.Connection, expected: Cursor, to: Position, handled: int
    ) -> bool:
        """Move it within the connection's transaction; False where it is not as expected.

        ``handled`` events on the way count for the rate.
        """


class StoredCursor:
    """The cursor in the table, which several processes may want to move."""

    def __init__(self, pool: asyncpg.Pool, name: str) -> None:
        self._pool = pool
        self._key = (name, MAIN)

    async def read(self) -> Cursor:
        """Where it stands; version 0 where the view was never built."""
        return _cursor(await self._pool.fetchrow(query("cursor_read"), *self._key))

    async def read_in(self, connection: asyncpg.Connection) -> Cursor:
        """The same, within the connection's transaction."""
        return _cursor(await connection.fetchrow(query("cursor_read"), *self._key))

    async def create(self, connection: asyncpg.Connection, version: int) -> bool:
        """Put it at the origin; False where it is there already."""
        created = await connection.fetchval(query("cursor_create"), *self._key, version)
        return created is not None

    async def move(
        self, connection: asyncpg.Connection, expected: Cursor, to: Position, handled: int
    ) -> bool:
        """Compare and set."""
        moved = await connection.fetchval(
            query("cursor_move"), *self._key, expected.generation, *expected.position, *to, handled
        )
        return moved is not None

    async def lock(self, connection: asyncpg.Connection) -> Cursor:
        """Read it, and keep everybody else from moving it until the transaction ends."""
        return _cursor(await connection.fetchrow(query("cursor_lock"), *self._key))

    async def swap(self, connection: asyncpg.Connection, version: int, to: Position) -> None:
        """Put it where the new view stands."""
        await connection.execute(query("cursor_swap"), *self._key, version, *to)

    async def fail(self, expected: Cursor, error: str, event: Position | None) -> None:
        """Write down why the view has stopped there, and at which event if at one."""
        at = (expected.generation, *expected.position)
        event_at = (None, None) if event is None else event
        await self._pool.execute(query("cursor_fail"), *self._key, *at, error, *event_at)


class HeldCursor:
    """The cursor of a view that nobody else knows yet: one that is being rebuilt."""

    def __init__(self, version: int, position: Position) -> None:
        self._cursor = Cursor(version=version, position=position)

    async def read(self) -> Cursor:
        """Where it stands."""
        return self._cursor

    async def move(
        self, _connection: asyncpg.Connection, _expected: Cursor, to: Position, _handled: int
    ) -> bool:
        """Move it: nobody else does."""
        self._cursor = self._cursor._replace(position=to)
        return True


def _cursor(row: asyncpg.Record | None) -> Cursor:
    if row is None:
        return Cursor()
    return Cursor(row[0], row[1], Position(row[2], row[3]), row[4], row[5])
