"""What ``coursemark reports`` needs of a Coursemark."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from contracts.api.reports import Counted, Scored
    from services.views.insights import (
        ActivityFunnelLine,
        DaysLine,
        FunnelLine,
        ScoreBy,
        ScoreLine,
        StandingLine,
    )
    from services.views.reports import CountBy, CountLine, Period, TimeBy, TimeLine

Line_co = TypeVar("Line_co", covariant=True)


class Report(NamedTuple, Generic[Line_co]):
    """The first lines, and whether there are further ones."""

    lines: Sequence[Line_co]
    more: bool


class Reports(Protocol):
    """Reports of a school: ``limit`` lines at the most."""

    async def time_by_learner(
        self, school: str, course: str | None, period: "Period", *, after: str, limit: int
    ) -> Report["TimeLine"]:
        """Time by learner, in order of their ids, after one."""

    async def time(
        self,
        school: str,
        by: Sequence["TimeBy"],
        period: "Period",
        *,
        learner: str | None,
        course: str | None,
        limit: int,
    ) -> Report["TimeLine"]:
        """Time by course, activity, month."""

    async def counts(
        self,
        school: str,
        by: Sequence["CountBy"],
        kinds: Sequence["Counted"],
        period: "Period",
        *,
        course: str | None,
        limit: int,
    ) -> Report["CountLine"]:
        """Completions, enrolments, unenrolments, resets."""

    async def funnel(self, school: str, course: str | None, limit: int) -> Report["FunnelLine"]:
        """Learners by how far they ever came."""

    async def activity_funnel(
        self, school: str, course: str | None, limit: int
    ) -> Report["ActivityFunnelLine"]:
        """The same by activity."""

    async def scores(
        self, school: str, of: "Scored", by: Sequence["ScoreBy"], course: str | None, limit: int
    ) -> Report["ScoreLine"]:
        """Scores by bucket."""

    async def days(self, school: str, course: str | None, limit: int) -> Report["DaysLine"]:
        """Days to completion."""

    async def standing(self, school: str, course: str | None, limit: int) -> Report["StandingLine"]:
        """Where learners stand now."""
