"""Insights per course: how far learners ever came, scores, days, and where they stand now."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.reports import (
    ActivityFunnel,
    ActivityFunnelReport,
    CountedNow,
    Days,
    DaysReport,
    Funnel,
    FunnelReport,
    Scored,
    ScoreReport,
    Scores,
    StandingReport,
)
from contracts.fields import Provenance
from services.api.documenting import UNCHANGED, problems
from services.api.reads.fresh import fresh
from services.api.reads.reports import Lines, OfCourse, lines
from services.api.standing import Stands
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.views.insights import InsightsView, ScoreBy, mean

router = APIRouter(route_class=Bounded, tags=["insights"])


@router.get(
    "/v1/insights/funnel",
    operation_id="funnel",
    response_model=FunnelReport,
    responses=UNCHANGED | problems(400),
    dependencies=[fresh("insights")],
)
async def funnel(
    request: Request,
    standing: Stands,
    caller: Reader,
    course: OfCourse = None,
    limit: Lines = 1_000,
) -> Response:
    """Learners who ever enrolled, started, completed, by course; each once, whatever was reset."""
    await check_reads(standing, caller)

    async def count() -> FunnelReport:
        found = await InsightsView(standing.log.pool).funnel(caller.school, course, limit=limit + 1)
        return FunnelReport(**lines(Funnel, found, limit))

    asked = (course, limit)
    return await standing.counted.answer(request, caller.school, ("insights",), asked, count)


@router.get(
    "/v1/insights/activities",
    operation_id="activity_funnel",
    response_model=ActivityFunnelReport,
    responses=UNCHANGED | problems(400),
    dependencies=[fresh("insights")],
)
async def activities(
    request: Request,
    standing: Stands,
    caller: Reader,
    course: OfCourse = None,
    limit: Lines = 1_000,
) -> Response:
    """Learners who ever began and completed each activity; each once, whatever was reset."""
    await check_reads(standing, caller)

    async def count() -> ActivityFunnelReport:
        view = InsightsView(standing.log.pool)
        found = await view.activity_funnel(caller.school, course, limit=limit + 1)
        return ActivityFunnelReport(**lines(ActivityFunnel, found, limit))

    asked = (course, limit)
    return await standing.counted.answer(request, caller.school, ("insights",), asked, count)


@router.get(
    "/v1/insights/scores",
    operation_id="scores",
    response_model=ScoreReport,
    responses=UNCHANGED | problems(400),
    dependencies=[fresh("insights")],
)
async def scores(
    request: Request,
    standing: Stands,
    caller: Reader,
    of: Annotated[
        Scored,
        Query(description="course: averages at completion; activity: at completion; submission."),
    ] = "course",
    by: Annotated[list[ScoreBy] | None, Query(max_length=3, description="Divided by.")] = None,
    provenance: Annotated[
        Provenance | None, Query(description="Of such completions alone.")
    ] = None,
    course: OfCourse = None,
    limit: Lines = 1_000,
) -> Response:
    """How scores are distributed, in buckets of five points."""
    await check_reads(standing, caller)

    async def count() -> ScoreReport:
        found = await InsightsView(standing.log.pool).scores(
            caller.school,
            by or (),
            course=course,
            scored=of,
            provenance=provenance,
            limit=limit + 1,
        )
        shown = found[:limit]
        return ScoreReport(
            lines=tuple(Scores(**it._asdict(), below=it.below) for it in shown),
            mean=mean(shown),
            more=len(found) > limit,
        )

    asked = (of, tuple(by or ()), provenance, course, limit)
    return await standing.counted.answer(request, caller.school, ("insights",), asked, count)


@router.get(
    "/v1/insights/days",
    operation_id="days",
    response_model=DaysReport,
    responses=UNCHANGED | problems(400),
    dependencies=[fresh("insights")],
)
async def days(
    request: Request,
    standing: Stands,
    caller: Reader,
    course: OfCourse = None,
    limit: Lines = 1_000,
) -> Response:
    """How many days attempts took that were completed, by course."""
    await check_reads(standing, caller)

    async def count() -> DaysReport:
        found = await InsightsView(standing.log.pool).days(caller.school, course, limit=limit + 1)
        return DaysReport(**lines(Days, found, limit))

    asked = (course, limit)
    return await standing.counted.answer(request, caller.school, ("insights",), asked, count)


@router.get(
    "/v1/insights/standing",
    operation_id="standing",
    response_model=StandingReport,
    responses=UNCHANGED | problems(400),
    dependencies=[fresh("progress")],
)
async def standing_now(
    request: Request,
    standing: Stands,
    caller: Reader,
    course: OfCourse = None,
    limit: Lines = 1_000,
) -> Response:
    """Where learners stand now, by ten per cent of progress; a reset does change this."""
    await check_reads(standing, caller)

    async def count() -> StandingReport:
        found = await InsightsView(standing.log.pool).standing(
            caller.school, course, limit=limit + 1
        )
        return StandingReport(**lines(CountedNow, found, limit))

    asked = (course, limit)
    return await standing.counted.answer(request, caller.school, ("progress",), asked, count)
