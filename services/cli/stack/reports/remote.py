"""The reports as an API tells them: ``MOST`` lines at the most, but for time by learner."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from contracts.api.reports import MOST, Counted, Scored
from contracts.model import Contract
from services.cli.stack.reports.port import Report
from services.cli.stack.session import PAGE, Session, can_be_ids, first
from services.views.insights import (
    ActivityFunnelLine,
    DaysLine,
    FunnelLine,
    ScoreBy,
    ScoreLine,
    StandingLine,
)
from services.views.reports import CountBy, CountLine, Period, TimeBy, TimeLine

Line = TypeVar("Line", bound=NamedTuple)
_NOTHING: Report[Any] = Report((), more=False)
"""Of an id that nothing can have."""


class RemoteReports:
    """A ``Reports``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client

    async def time_by_learner(
        self, school: str, course: str | None, period: Period, *, after: str, limit: int
    ) -> Report[TimeLine]:
        """Page by page."""
        if not await self._asked(school, course):
            return _NOTHING
        pages = self._client.time_by_learner(
            course=course,
            since=period.since,
            until=period.until,
            after=after or None,
            limit=min(limit + 1, PAGE),
        )
        found = await first(pages, limit + 1)
        return Report(_lines(TimeLine, found[:limit]), len(found) > limit)

    async def time(
        self,
        school: str,
        by: Sequence[TimeBy],
        period: Period,
        *,
        learner: str | None,
        course: str | None,
        limit: int,
    ) -> Report[TimeLine]:
        """By course, activity, month."""
        if not await self._asked(school, course, learner):
            return _NOTHING
        told = await self._client.time_report(
            by=by,
            learner=learner,
            course=course,
            since=period.since,
            until=period.until,
            limit=min(limit, MOST),
        )
        lines = _lines(TimeLine, told.lines)
        return Report([it._replace(learner=learner) for it in lines], told.more)

    async def counts(
        self,
        school: str,
        by: Sequence[CountBy],
        kinds: Sequence[Counted],
        period: Period,
        *,
        course: str | None,
        limit: int,
    ) -> Report[CountLine]:
        """By when they were achieved."""
        if not await self._asked(school, course):
            return _NOTHING
        told = await self._client.count_report(
            by=by,
            kind=kinds,
            course=course,
            since=period.since,
            until=period.until,
            limit=min(limit, MOST),
        )
        return Report(_lines(CountLine, told.lines), told.more)

    async def funnel(self, school: str, course: str | None, limit: int) -> Report[FunnelLine]:
        """By course."""
        if not await self._asked(school, course):
            return _NOTHING
        told = await self._client.funnel(course=course, limit=min(limit, MOST))
        return Report(_lines(FunnelLine, told.lines), told.more)

    async def activity_funnel(
        self, school: str, course: str | None, limit: int
    ) -> Report[ActivityFunnelLine]:
        """By activity."""
        if not await self._asked(school, course):
            return _NOTHING
        told = await self._client.activity_funnel(course=course, limit=min(limit, MOST))
        return Report(_lines(ActivityFunnelLine, told.lines), told.more)

    async def scores(
        self, school: str, of: Scored, by: Sequence[ScoreBy], course: str | None, limit: int
    ) -> Report[ScoreLine]:
        """By bucket."""
        if not await self._asked(school, course):
            return _NOTHING
        told = await self._client.scores(of=of, by=by, course=course, limit=min(limit, MOST))
        return Report(_lines(ScoreLine, told.lines), told.more)

    async def days(self, school: str, course: str | None, limit: int) -> Report[DaysLine]:
        """By course."""
        if not await self._asked(school, course):
            return _NOTHING
        told = await self._client.days(course=course, limit=min(limit, MOST))
        return Report(_lines(DaysLine, told.lines), told.more)

    async def standing(self, school: str, course: str | None, limit: int) -> Report[StandingLine]:
        """By ten per cent of progress."""
        if not await self._asked(school, course):
            return _NOTHING
        told = await self._client.standing(course=course, limit=min(limit, MOST))
        lines = _lines(StandingLine, told.lines)
        return Report([it._replace(progress=int(it.progress)) for it in lines], told.more)

    async def _asked(self, school: str, *ids: str | None) -> bool:
        """Whether there is anything to ask of the token's school."""
        await self._session.check(school)
        return can_be_ids(*ids)


def _lines(kind: type[Line], told: Iterable[Contract]) -> list[Line]:
    """By the names of the fields; a column that this report has not is none."""
    return [kind._make(getattr(it, name, None) for name in kind._fields) for it in told]
