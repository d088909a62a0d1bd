"""Reads of the reports: time ever spent, and what happened by day. Nothing in them shrinks (R3).

Days and months are in UTC, and those of when a thing was achieved. A column that was not asked
for is none in every line. At most ``limit`` lines come back, the first in their order.
"""

from collections.abc import Collection
from datetime import date
from typing import Literal, NamedTuple, get_args

import asyncpg

from contracts.fields import Provenance
from projections.reports.tables import Kind
from projections.sql import statement

LIMIT = 1_000
"""Lines, unless more or fewer are asked for."""

TimeBy = Literal["course", "activity", "month"]
CountBy = Literal["day", "course", "provenance", "administrator"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Period(NamedTuple):
    """From one day to another, both included; none: open at that end."""

    since: date | None = None
    until: date | None = None


EVER = Period()


class TimeLine(NamedTuple):
    """Seconds ever spent; ``month`` is its first day."""

    learner: str | None
    course: str | None
    activity: str | None
    month: date | None
    seconds: int


class CountLine(NamedTuple):
    """How often something happened; provenance and administrator are empty for nothing, nobody."""

    kind: Kind
    day: date | None
    course: str | None
    provenance: Provenance | Literal[""] | None
    administrator: str | None
    number: int


class ReportsView:
    """The view as it is now; ``pool`` reaches its database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def time_by_learner(
        self,
        school: str,
        course: str | None = None,
        period: Period = EVER,
        *,
        after: str = "",
        limit: int = LIMIT,
    ) -> list[TimeLine]:
        """By learner, in order of their ids; ``after`` goes on after an earlier page's last.

        Time is kept by month: a period takes in the whole months of its days.
        """
        rows = await self._pool.fetch(
            _query("time_by_learner"), school, after, course, *_months(period), limit
        )
        return [TimeLine(*row) for row in rows]

    async def time(
        self,
        school: str,
        by: Collection[TimeBy] = (),
        *,
        learner: str | None = None,
        course: str | None = None,
        period: Period = EVER,
        limit: int = LIMIT,
    ) -> list[TimeLine]:
        """By course, activity (which stands in its course) and month, of one learner or of all.

        Time is kept by month: a period takes in the whole months of its days.
        """
        divided = "course" in by or "activity" in by, "activity" in by, "month" in by
        asked = school, course, *_months(period), *divided
        if learner is None:
            rows = await self._pool.fetch(_query("time_of_school"), *asked, limit)
        else:
            rows = await self._pool.fetch(_query("time_of_learner"), *asked, learner, limit)
        return [TimeLine(*row) for row in rows]

    async def counts(
        self,
        school: str,
        by: Collection[CountBy] = (),
        *,
        kinds: Collection[Kind] = KINDS,
        course: str | None = None,
        period: Period = EVER,
        limit: int = LIMIT,
    ) -> list[CountLine]:
        """Completions, enrolments, unenrolments and resets."""
        divided = [name in by for name in get_args(CountBy)]
        rows = await self._pool.fetch(
            _query("counts"), school, list(kinds), course, *period, *divided, limit
        )
        return [CountLine(*row) for row in rows]


def _months(period: Period) -> tuple[date | None, date | None]:
    """The months that it begins and ends in."""
    since = None if period.since is None else period.since.replace(day=1)
    return since, period.until


def _query(name: str) -> str:
    return statement("projections.reports", f"queries/{name}")
