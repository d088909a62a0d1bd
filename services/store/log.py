"""The event log.

Append is one statement for a whole batch. Followers read in commit order, by the pair of
transaction id and notification id, and only below the oldest transaction still running: what
they have passed can never be slipped in behind them.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import timedelta

import asyncpg

from services.store.records import (
    ORIGIN,
    FollowedEvent,
    NewEvent,
    Position,
    Receipt,
    StoredReceipt,
)
from services.store.sql import query

_LAST = Position(2**63 - 1, 2**63 - 1)
COUNT_BOUND = 1_000_000
PAGE = 5_000


class VersionConflict(Exception):  # noqa: N818 - the field's name for it
    """A stream has moved on, or a receipt is there already: reload and decide again."""


class EventLog:
    """One school's log, or several schools'; ``pool`` reaches its database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def append(self, events: Sequence[NewEvent], receipts: Sequence[Receipt] = ()) -> None:
        """Append all events and receipts, or nothing.

        Raises:
            VersionConflict: a version or a receipt stands already.
        """
        if not events and not receipts:
            return
        columns = [*_columns(events, 4), *_columns(receipts, 4)]
        try:
            await self.pool.execute(query("append"), *columns)
        except asyncpg.UniqueViolationError as error:
            raise VersionConflict(error.detail) from error

    async def load(self, after: Mapping[str, int]) -> dict[str, list[NewEvent]]:
        """The events of each stream after the given version, in order, in one query."""
        streams: dict[str, list[NewEvent]] = {name: [] for name in after}
        rows = await self.pool.fetch(query("load"), list(after), list(after.values()))
        for row in rows:
            streams[row[0]].append(NewEvent(*row))
        return streams

    async def placed(self, streams: Collection[str]) -> dict[str, list[FollowedEvent]]:
        """All events of each stream, in order, with their places."""
        found: dict[str, list[FollowedEvent]] = {name: [] for name in streams}
        for row in await self.pool.fetch(query("load_placed"), list(streams)):
            event = FollowedEvent(Position(row[0], row[1]), *row[2:])
            found[event.originator_id].append(event)
        return found

    async def sizes(self, streams: Collection[str]) -> dict[str, int]:
        """Bytes of the events of each stream that has any."""
        return {row[0]: row[1] for row in await self.pool.fetch(query("sizes"), list(streams))}

    async def receipts(
        self, keys: Collection[tuple[str, str]]
    ) -> dict[tuple[str, str], StoredReceipt]:
        """The receipts that stand for these pairs of school and command id."""
        rows = await self.pool.fetch(query("receipts"), *_columns(list(keys), 2))
        return {(row[0], row[1]): StoredReceipt(row[2], row[3]) for row in rows}

    async def follow(
        self,
        after: Position,
        limit: int,
        *,
        until: Position | None = None,
        topics: Collection[str] | None = None,
    ) -> list[FollowedEvent]:
        """The next events in commit order, at most ``limit``, up to and with ``until``."""
        end = until or _LAST
        rows = await self.pool.fetch(
            query("follow"),
            str(after.transaction_id),
            after.notification_id,
            str(end.transaction_id),
            end.notification_id,
            None if topics is None else list(topics),
            limit,
        )
        return [FollowedEvent(Position(r[0], r[1]), r[2], r[3], r[4], r[5]) for r in rows]

    async def head(self) -> Position:
        """The last position that a follower may read now."""
        row = await self.pool.fetchrow(query("head"))
        return ORIGIN if row is None else Position(*row)

    async def last(self) -> Position:
        """The position of the last event that is there."""
        row = await self.pool.fetchrow(query("last"))
        return ORIGIN if row is None else Position(*row)

    async def position_of(self, stream: str, version: int) -> Position | None:
        """Where an event of a stream stands; none where it is not there."""
        row = await self.pool.fetchrow(query("position_of"), stream, version)
        return None if row is None else Position(*row)

    async def count_after(self, after: Position, bound: int = COUNT_BOUND) -> int:
        """How many events stand after the position, counted up to ``bound``."""
        position = (str(after.transaction_id), after.notification_id)
        count: int = await self.pool.fetchval(query("count_after"), *position, bound)
        return count

    async def streams(
        self, school: str, course: str, after: str = "", limit: int = PAGE
    ) -> list[str]:
        """The names of the learners' streams of a course, in order, after one name."""
        rows = await self.pool.fetch(query("streams"), school, course, after, limit)
        return [row[0] for row in rows]

    async def pages(self, school: str, course: str, size: int = PAGE) -> AsyncIterator[list[str]]:
        """All of ``streams``, page by page, so that memory stays flat whatever a course's size."""
        page = await self.streams(school, course, limit=size)
        while page:
            yield page
            page = await self.streams(school, course, after=page[-1], limit=size)

    async def oldest_writer_age(self) -> timedelta | None:
        """How long the oldest writing transaction has run; it holds every follower back."""
        age: timedelta | None = await self.pool.fetchval(query("oldest_writer"))
        return age


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    """Rows turned into arrays, as ``unnest`` takes them."""
    return [[row[place] for row in rows] for place in range(width)]
