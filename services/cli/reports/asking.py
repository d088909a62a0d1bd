"""What was asked for, read and answered from the views: one line more than the limit, if any."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast, get_args

import asyncpg
import typer

from contracts.api.reports import Scored
from projections.reports.tables import Kind
from services.cli.running import database, go
from services.runtime.settings import Settings
from services.views.insights import (
    SCORED,
    ActivityFunnelLine,
    DaysLine,
    FunnelLine,
    InsightsView,
    ScoreBy,
    ScoreLine,
    StandingLine,
)
from services.views.reports import (
    KINDS,
    CountBy,
    CountLine,
    Period,
    ReportsView,
    TimeBy,
    TimeLine,
)

T = TypeVar("T")


def period(since: datetime | None, until: datetime | None) -> Period:
    """From one day to another, both included."""
    if since is not None and until is not None and until < since:
        raise typer.BadParameter("a day that is not before --since.", param_hint="--until")
    return Period(since and since.date(), until and until.date())


def refuse_learner(learner: str | None) -> None:
    """One learner is not divided by learner."""
    if learner is not None:
        raise typer.BadParameter("goes with --by course,activity,month.", param_hint="--learner")


def time_by(text: str) -> list[TimeBy]:
    """Which columns time is divided by."""
    return cast("list[TimeBy]", _some(text, get_args(TimeBy), "--by"))


def count_by(text: str) -> list[CountBy]:
    """Which columns counts are divided by."""
    return cast("list[CountBy]", _some(text, get_args(CountBy), "--by"))


def score_by(text: str) -> list[ScoreBy]:
    """Which columns scores are divided by."""
    return cast("list[ScoreBy]", _some(text, get_args(ScoreBy), "--by"))


def kinds(text: str) -> Sequence[Kind]:
    """What is counted; all where nothing is named."""
    return cast("list[Kind]", _some(text, KINDS, "--kinds")) or KINDS


def scored(text: str) -> Scored:
    """What a score is of."""
    for known in SCORED:
        if text == known:
            return known
    raise typer.BadParameter(f"one of {', '.join(SCORED)}.", param_hint="--of")


def time_by_learner(
    settings: Settings, school: str, course: str | None, within: Period, after: str, limit: int
) -> list[TimeLine]:
    """Time by learner."""
    return _ask(
        settings,
        lambda pool: ReportsView(pool).time_by_learner(
            school, course, within, after=after, limit=limit + 1
        ),
    )


def time(
    settings: Settings,
    school: str,
    by: Sequence[TimeBy],
    learner: str | None,
    course: str | None,
    within: Period,
    limit: int,
) -> list[TimeLine]:
    """Time by course, activity, month."""
    return _ask(
        settings,
        lambda pool: ReportsView(pool).time(
            school, by, learner=learner, course=course, period=within, limit=limit + 1
        ),
    )


def counts(
    settings: Settings,
    school: str,
    by: Sequence[CountBy],
    wanted: Sequence[Kind],
    course: str | None,
    within: Period,
    limit: int,
) -> list[CountLine]:
    """Completions, enrolments, unenrolments, resets."""
    return _ask(
        settings,
        lambda pool: ReportsView(pool).counts(
            school, by, kinds=wanted, course=course, period=within, limit=limit + 1
        ),
    )


def funnel(
    settings: Settings, school: str, course: str | None, limit: int, *, activities: bool
) -> Sequence[FunnelLine | ActivityFunnelLine]:
    """Learners by how far they ever came."""
    if activities:
        return _ask(
            settings,
            lambda pool: InsightsView(pool).activity_funnel(school, course, limit=limit + 1),
        )
    return _ask(settings, lambda pool: InsightsView(pool).funnel(school, course, limit=limit + 1))


def scores(
    settings: Settings,
    school: str,
    of: Scored,
    by: Sequence[ScoreBy],
    course: str | None,
    limit: int,
) -> list[ScoreLine]:
    """Scores by bucket."""
    return _ask(
        settings,
        lambda pool: InsightsView(pool).scores(
            school, by, course=course, scored=of, limit=limit + 1
        ),
    )


def days(settings: Settings, school: str, course: str | None, limit: int) -> list[DaysLine]:
    """Days to completion."""
    return _ask(settings, lambda pool: InsightsView(pool).days(school, course, limit=limit + 1))


def standing(settings: Settings, school: str, course: str | None, limit: int) -> list[StandingLine]:
    """Where learners stand now."""
    return _ask(settings, lambda pool: InsightsView(pool).standing(school, course, limit=limit + 1))


def _ask(settings: Settings, read: Callable[[asyncpg.Pool], Awaitable[T]]) -> T:
    async def answer() -> T:
        async with database(settings) as pool:
            return await read(pool)

    return go(settings, answer())


def _some(text: str, known: Sequence[str], option: str) -> list[Any]:
    """Names parted by commas, each a known one."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if set(names) - set(known):
        raise typer.BadParameter(f"any of {','.join(known)}.", param_hint=option)
    return names
