"""Reads of the events log, the newest entries first."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import asyncpg

from contracts.fields import Provenance, Reason, Source
from projections.sql import statement
from services.store.records import Position

END = Position(2**63 - 1, 2**63 - 1)
"""After every entry."""
STRETCH = 5_000
"""Entries of a school that are looked at together, whichever are asked for."""
SKEW = timedelta(hours=1)
"""By which an entry may stand before others that were recorded earlier: clocks differ, and who
writes takes a moment."""


class Entry(NamedTuple):
    """An event: who did what to whom, when, why. ``activities``: none means the whole course.

    ``program``: the learning programme that was completed, which belongs to no course or attempt.
    ``due_course``: the course whose completion has to be renewed at ``due_at``, by ``schedule``.
    ``undone``: it counts no more, an undo has taken it back (B7).
    """

    school: str
    learner: str
    course: str
    version: int
    position: Position
    type: str
    attempt: int | None
    activities: Sequence[str] | None
    score: float | None
    seconds: int | None
    provenance: Provenance | None
    manually: bool
    recorded_at: datetime
    effective_at: datetime
    actor: str | None
    reason: Reason | None
    note: str | None
    source: Source
    command_id: str
    batch_id: str | None
    correlation_id: str | None
    program: str | None
    due_course: str | None
    due_at: datetime | None
    schedule: str | None
    undone: bool


class Asked(NamedTuple):
    """Which entries; none of a field means all. By when they were recorded, until before."""

    course: str | None = None
    types: Collection[str] | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def has(self, entry: Entry) -> bool:
        """Whether it is asked for, as the queries say it."""
        return (
            self.course in {None, entry.course, entry.due_course}
            and (self.types is None or entry.type in self.types)
            and self.actor in {None, entry.actor}
            and self.covers(entry.recorded_at)
        )

    def covers(self, recorded_at: datetime) -> bool:
        """Whether what was recorded then is within the times that are asked for."""
        return (self.since is None or self.since <= recorded_at) and (
            self.until is None or recorded_at < self.until
        )


ALL = Asked()


class Chosen(NamedTuple):
    """Entries, and the position before which the next page goes on; none: there is no more."""

    entries: list[Entry]
    next: Position | None


class EventsLogView:
    """The view as it is now; ``pool`` reaches its database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def entries(
        self,
        school: str,
        learner: str,
        course: str | None = None,
        limit: int = 100,
        *,
        before: Position = END,
        asked: Asked = ALL,
    ) -> list[Entry]:
        """A learner's entries in a course, or in all; ``before`` goes on after an earlier page."""
        among, types, *rest = asked
        sql, names = _query("of_learner"), None if types is None else list(types)
        rows = await self._pool.fetch(
            sql, school, learner, course or among, *before, limit, names, *rest
        )
        return _entries(rows)

    async def entries_of_school(
        self, school: str, limit: int = 100, *, before: Position = END
    ) -> list[Entry]:
        """A school's entries, over all learners."""
        return _entries(await self._pool.fetch(_query("of_school"), school, *before, limit))

    async def chosen(
        self, school: str, asked: Asked, limit: int, *, before: Position | None = None
    ) -> Chosen:
        """A school's entries that are asked for, at most so many out of the next ``STRETCH``.

        There may be none, and more behind them. ``before``: none begins at the newest that may be
        asked for.
        """
        if before is None:
            before = END if asked.until is None else await self._recorded(school, asked.until)
        course, types, *rest = asked
        names = None if types is None else list(types)
        stretch = limit + 1 if asked == ALL else STRETCH
        values = (school, *before, stretch, course, names, *rest, limit + 1)
        rows = await self._pool.fetch(_query("chosen"), *values)
        if not rows:
            return Chosen([], None)
        passed, passed_at, *end = rows[0][:4]
        found = _entries([tuple(row)[4:] for row in rows if row["school"] is not None])
        if len(found) > limit:
            return Chosen(found[:limit], found[limit - 1].position)
        over = asked.since is not None and passed_at < asked.since - SKEW
        return Chosen(found, Position(*end) if passed == stretch and not over else None)

    async def _recorded(self, school: str, until: datetime) -> Position:
        """A position that whatever was recorded before then stands before.

        Found by halving: entries stand nearly in the order in which they were recorded.
        """
        bound = until + SKEW
        async with self._pool.acquire() as connection:
            newest = await connection.fetchrow(_query("newest"), school)
            if newest is None or newest["recorded_at"] < bound:
                return END
            first, last = 0, newest["transaction_id"]
            while first < last:
                middle = (first + last) // 2
                row = await connection.fetchrow(_query("next"), school, middle)
                if row["recorded_at"] < bound:
                    first = row["transaction_id"] + 1
                else:
                    last = middle
        return Position(first, 0)


def _entries(rows: Sequence[Sequence[Any]]) -> list[Entry]:
    return [Entry._make((*row[:4], Position(row[4], row[5]), *row[6:])) for row in rows]


def _query(name: str) -> str:
    return statement("projections.events_log", f"queries/{name}")
