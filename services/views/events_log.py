"""Reads of the events log, the newest entries first."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from contracts.fields import Provenance, Reason, Source
from projections.sql import statement
from services.store.records import Position

END = Position(2**63 - 1, 2**63 - 1)
"""After every entry."""


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
    ) -> list[Entry]:
        """A learner's entries in a course, or in all; ``before`` goes on after an earlier page."""
        sql = _query("of_learner")
        return _entries(await self._pool.fetch(sql, school, learner, course, *before, limit))

    async def entries_of_school(
        self, school: str, limit: int = 100, *, before: Position = END
    ) -> list[Entry]:
        """A school's entries, over all learners."""
        return _entries(await self._pool.fetch(_query("of_school"), school, *before, limit))


def _entries(rows: Sequence[asyncpg.Record]) -> list[Entry]:
    return [Entry._make((*row[:4], Position(row[4], row[5]), *row[6:])) for row in rows]


def _query(name: str) -> str:
    return statement("projections.events_log", f"queries/{name}")
