"""Reads of the insights per course. Whatever was reset since still counts in them (R3).

At most ``limit`` lines come back, the first in their order.
"""

from collections.abc import Collection
from typing import Literal, NamedTuple, get_args

import asyncpg

from contracts.api.reports import Scored
from contracts.fields import Provenance
from contracts.progress import Status
from projections.insights.state import BUCKET
from projections.sql import statement

LIMIT = 1_000
"""Lines, unless more or fewer are asked for."""

ScoreBy = Literal["course", "activity", "provenance"]
SCORED: tuple[Scored, ...] = get_args(Scored)


class FunnelLine(NamedTuple):
    """Learners of a course who ever were enrolled, started, completed it; each once."""

    course: str
    enrolled: int
    started: int
    completed: int


class ActivityFunnelLine(NamedTuple):
    """Learners who ever did, or were given, anything on an activity; who ever completed it."""

    course: str
    activity: str
    started: int
    completed: int


class ScoreLine(NamedTuple):
    """Scores of a bucket: from ``bucket`` points to below the next one, 100 in the last.

    ``scored``: the average of a completed course, a completed activity, or a submission;
    ``millionths`` of a point, added up. Columns that were not asked for are none.
    """

    scored: Scored
    course: str | None
    activity: str | None
    provenance: Provenance | Literal[""] | None
    bucket: int
    number: int
    millionths: int

    @property
    def below(self) -> int:
        """The points at which the next bucket begins."""
        return self.bucket + BUCKET


class DaysLine(NamedTuple):
    """Whole days from the beginning of an attempt to its completion, over completed attempts.

    An attempt begins with the first enrolment, or with the reset that opened it. A quartile is
    the fewest days within which that part of the attempts was complete.
    """

    course: str
    attempts: int
    least: int
    quarter: int
    median: int
    three_quarters: int
    most: int


class StandingLine(NamedTuple):
    """Learners who stand there now; ``progress`` is the lowest per cent of a band of ten."""

    course: str
    enrolled: bool
    status: Status
    progress: int
    learners: int


class InsightsView:
    """The view as it is now; ``pool`` reaches its database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def funnel(
        self, school: str, course: str | None = None, *, limit: int = LIMIT
    ) -> list[FunnelLine]:
        """Of one course, or of all, in order of their ids."""
        rows = await self._pool.fetch(_query("funnel"), school, course, limit)
        return [FunnelLine(*row) for row in rows]

    async def activity_funnel(
        self, school: str, course: str | None = None, *, limit: int = LIMIT
    ) -> list[ActivityFunnelLine]:
        """Activities of one course, or of all, in order of their ids."""
        rows = await self._pool.fetch(_query("activity_funnel"), school, course, limit)
        return [ActivityFunnelLine(*row) for row in rows]

    async def scores(
        self,
        school: str,
        by: Collection[ScoreBy] = (),
        *,
        course: str | None = None,
        scored: Scored | None = None,
        provenance: Provenance | None = None,
        limit: int = LIMIT,
    ) -> list[ScoreLine]:
        """How scores are distributed; with a provenance, those of such completions alone."""
        divided = [name in by for name in get_args(ScoreBy)]
        rows = await self._pool.fetch(
            _query("scores"), school, course, scored, provenance, *divided, limit
        )
        return [ScoreLine(*row) for row in rows]

    async def days(
        self, school: str, course: str | None = None, *, limit: int = LIMIT
    ) -> list[DaysLine]:
        """Days to completion of one course, or of all that were ever completed."""
        rows = await self._pool.fetch(_query("days"), school, course, limit)
        return [DaysLine(*row) for row in rows]

    async def standing(
        self, school: str, course: str | None = None, *, limit: int = LIMIT
    ) -> list[StandingLine]:
        """Where learners stand now, counted at reading from the view of progress.

        Those who were unenrolled stand apart. This is what a reset does change.
        """
        rows = await self._pool.fetch(_query("standing"), school, course, limit)
        return [StandingLine(*row) for row in rows]


def mean(lines: Collection[ScoreLine]) -> float | None:
    """The mean score of the lines, none where they hold no score; exact to a millionth."""
    number = sum(line.number for line in lines)
    return sum(line.millionths for line in lines) / number / 1_000_000 if number else None


def _query(name: str) -> str:
    return statement("projections.insights", f"queries/{name}")
