"""How far each follower has come in a log; a cursor moves only from where its owner left it."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import asyncpg

from services.store.placement import MAIN
from services.store.records import ORIGIN, Position
from services.store.sql import query


class CursorMovedError(Exception):
    """Somebody else has moved the cursor: read it again and go on from there."""


class Stand(NamedTuple):
    """Of a view: another one after each of its transactions.

    ``generation``: how often it was built anew and put in the place of the old one. ``at``: when it
    last wrote, since the rows under a new structure are written before its cursor moves.
    """

    generation: int
    position: Position
    at: datetime


class Cursor:
    """The cursor of one follower in one log."""

    def __init__(self, pool: asyncpg.Pool, name: str, log: str = MAIN) -> None:
        self._pool = pool
        self.name = name
        self._log = log

    async def read(self) -> Position:
        """Where it stands; the origin where it was never moved."""
        row = await self._pool.fetchrow(query("cursor_read"), self.name, self._log)
        return ORIGIN if row is None else Position(*row)

    async def move(self, expected: Position, to: Position, handled: int = 0) -> None:
        """Move it; ``handled`` events on the way count for the rate.

        Raises:
            CursorMovedError: it does not stand where it is expected.
        """
        moved = await self._pool.fetchval(
            query("cursor_move"), self.name, self._log, *expected, *to, handled
        )
        if moved is None:
            raise CursorMovedError(f"the cursor of {self.name} is no longer at {expected}")

    async def fail(self, at: Position, error: str, event: Position) -> None:
        """Write down which event has stopped whoever stands there, and why."""
        await self._pool.execute(query("cursor_fail"), self.name, self._log, *at, error, *event)


async def begin(
    pool: asyncpg.Pool, names: Collection[str], *, unless_ran: str, log: str = MAIN
) -> None:
    """Create the cursors that are missing: at the origin, or at the head where another one is."""
    await pool.execute(query("cursors_begin"), list(names), log, unless_ran)


async def positions(
    pool: asyncpg.Pool, names: Collection[str], log: str = MAIN
) -> dict[str, Position]:
    """Where those of the followers stand that have a cursor."""
    rows = await pool.fetch(query("cursors_of"), log, list(names))
    return {row[0]: Position(row[1], row[2]) for row in rows}


async def stands(pool: asyncpg.Pool, names: Collection[str], log: str = MAIN) -> dict[str, Stand]:
    """The same so that what was read at one stand is what would be read there again."""
    rows = await pool.fetch(query("cursors_stand"), log, list(names))
    return {row[0]: Stand(row[1], Position(row[2], row[3]), row[4]) for row in rows}
