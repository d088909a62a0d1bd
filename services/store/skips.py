"""Events that a view or a feed passes over, on record.

A skip is of one event and of one view or feed. It may be made only where that has stopped at the
event; following, publishing, rebuilding and checking then all pass over it. One that is taken
back stays on record, and counts from the next rebuild on.
"""

from datetime import datetime
from typing import NamedTuple

import asyncpg

from services.store.placement import MAIN
from services.store.poison import PoisonEventError
from services.store.records import Position
from services.store.sql import query

Skips = frozenset[tuple[str, int]]
"""Streams and versions of the events that are passed over."""
NONE: Skips = frozenset()


class NotStoppedThereError(Exception):
    """``not_stopped_there``: only the event at which a view or feed has stopped can be skipped."""

    code = "not_stopped_there"


class NotSkippedError(Exception):
    """``not_skipped``: the event is not passed over."""

    code = "not_skipped"


class Skipped(NamedTuple):
    """The event of a skip that was made, or taken back."""

    stream: str
    version: int
    type: str


class OnRecord(NamedTuple):
    """A skip: ``error`` is what had stopped the view or feed; ``ended_at`` is set if taken back."""

    projection: str
    position: Position
    stream: str
    version: int
    type: str
    error: str
    reason: str
    skipped_by: str
    skipped_at: datetime
    ended_by: str | None
    ended_at: datetime | None


async def skips_of(database: asyncpg.Pool | asyncpg.Connection, name: str) -> Skips:
    """What a view or feed passes over now."""
    return frozenset((row[0], row[1]) for row in await database.fetch(query("skips"), name, MAIN))


async def skip(pool: asyncpg.Pool, name: str, at: Position, reason: str, by: str) -> Skipped:
    """Let a view or feed pass over the event at which it has stopped.

    Raises:
        NotStoppedThereError: it has not stopped there, or the event is passed over already.
    """
    row = await pool.fetchrow(query("skip"), name, MAIN, *at, reason, by)
    if row is None:
        raise NotStoppedThereError(await _why_not(pool, name, at))
    return Skipped(*row)


async def unskip(pool: asyncpg.Pool, name: str, at: Position, by: str) -> Skipped:
    """Take a skip back: the next rebuild counts the event.

    Raises:
        NotSkippedError: the event at this position is not passed over.
    """
    row = await pool.fetchrow(query("skip_end"), name, MAIN, *at, by)
    if row is None:
        raise NotSkippedError(
            f"{name} passes over no event at position {at}; see: coursemark projections skipped"
        )
    return Skipped(*row)


async def retry(pool: asyncpg.Pool, name: str) -> bool:
    """Let a view or feed that has stopped try again; False where it has not stopped."""
    return await pool.fetchval(query("cursor_retry"), name, MAIN) is not None


async def on_record(pool: asyncpg.Pool) -> list[OnRecord]:
    """All skips there ever were, the latest first."""
    rows = await pool.fetch(query("skips_on_record"), MAIN)
    return [OnRecord(row[0], Position(row[1], row[2]), *row[3:]) for row in rows]


async def goes_on(pool: asyncpg.Pool, name: str, error: Exception) -> bool:
    """Whether what had stopped is gone: the error is cleared, or its event is skipped."""
    stream, version = "", 0
    if isinstance(error, PoisonEventError):
        stream, version = error.stream, error.version
    found = await pool.fetchval(query("cursor_goes_on"), name, MAIN, stream, version)
    return found is not False


async def _why_not(pool: asyncpg.Pool, name: str, at: Position) -> str:
    row = await pool.fetchrow(query("cursor_stopped"), name, MAIN)
    if row is None or row[0] is None:
        return f"{name} has not stopped; there is nothing to skip"
    if row[1] is None:
        return f"{name} has stopped, but at no event that could be skipped: {row[0]}"
    stopped = Position(row[1], row[2])
    if stopped != at:
        return f"{name} has stopped at position {stopped}, not at {at}; only that can be skipped"
    return f"the event at position {at} is skipped already; {name} goes on as soon as it runs"
