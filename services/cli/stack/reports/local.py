"""The reports from the views."""

from collections.abc import Sequence
from typing import TypeVar

from contracts.api.reports import Counted, Scored
from services.cli.stack.reports.port import Report
from services.cli.stack.servers import Servers
from services.views.insights import (
    ActivityFunnelLine,
    DaysLine,
    FunnelLine,
    InsightsView,
    ScoreBy,
    ScoreLine,
    StandingLine,
)
from services.views.reports import CountBy, CountLine, Period, ReportsView, TimeBy, TimeLine

Line = TypeVar("Line")


class LocalReports:
    """A ``Reports``: each reads one line more than it gives."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    async def time_by_learner(
        self, school: str, course: str | None, period: Period, *, after: str, limit: int
    ) -> Report[TimeLine]:
        """By learner."""
        view = await self._reports()
        found = await view.time_by_learner(school, course, period, after=after, limit=limit + 1)
        return _report(found, limit)

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
        view = await self._reports()
        found = await view.time(
            school, by, learner=learner, course=course, period=period, limit=limit + 1
        )
        return _report(found, limit)

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
        view = await self._reports()
        found = await view.counts(
            school, by, kinds=kinds, course=course, period=period, limit=limit + 1
        )
        return _report(found, limit)

    async def funnel(self, school: str, course: str | None, limit: int) -> Report[FunnelLine]:
        """By course."""
        view = await self._insights()
        return _report(await view.funnel(school, course, limit=limit + 1), limit)

    async def activity_funnel(
        self, school: str, course: str | None, limit: int
    ) -> Report[ActivityFunnelLine]:
        """By activity."""
        view = await self._insights()
        return _report(await view.activity_funnel(school, course, limit=limit + 1), limit)

    async def scores(
        self, school: str, of: Scored, by: Sequence[ScoreBy], course: str | None, limit: int
    ) -> Report[ScoreLine]:
        """By bucket."""
        view = await self._insights()
        found = await view.scores(school, by, course=course, scored=of, limit=limit + 1)
        return _report(found, limit)

    async def days(self, school: str, course: str | None, limit: int) -> Report[DaysLine]:
        """By course."""
        view = await self._insights()
        return _report(await view.days(school, course, limit=limit + 1), limit)

    async def standing(self, school: str, course: str | None, limit: int) -> Report[StandingLine]:
        """By ten per cent of progress."""
        view = await self._insights()
        return _report(await view.standing(school, course, limit=limit + 1), limit)

    async def _reports(self) -> ReportsView:
        return ReportsView(await self._servers.pool())

    async def _insights(self) -> InsightsView:
        return InsightsView(await self._servers.pool())


def _report(found: Sequence[Line], limit: int) -> Report[Line]:
    return Report(found[:limit], len(found) > limit)
