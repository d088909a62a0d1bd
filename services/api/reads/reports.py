"""Reports: time ever spent, and what happened by day. No reset takes anything from them (R3)."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.reports import (
    MOST,
    Counted,
    CountReport,
    Counts,
    LearnerTime,
    LearnerTimes,
    TimeReport,
    TimeSpent,
)
from contracts.fields import ID_PATTERN
from contracts.model import Contract
from services.api.documenting import UNCHANGED, problems
from services.api.reads.fresh import fresh
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.pages import Limit, paged
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.http.problems import Problem
from services.views.reports import KINDS, CountBy, Period, ReportsView, TimeBy

router = APIRouter(route_class=Bounded, tags=["reports"])
Line = TypeVar("Line", bound=Contract)

Lines = Annotated[int, Query(ge=1, le=MOST, description="Lines at the most.")]
OfCourse = Annotated[str | None, Query(pattern=ID_PATTERN, description="Of this course alone.")]


async def _period(
    since: Annotated[date | None, Query(description="From this day on (UTC).")] = None,
    until: Annotated[date | None, Query(description="Until the end of this day (UTC).")] = None,
) -> Period:
    """From one day to another, by when things were achieved.

    Raises:
        Problem: 400.
    """
    if since is not None and until is not None and until < since:
        raise Problem(400, "invalid_request", "until: is before since; change places.")
    return Period(since, until)


Within = Annotated[Period, Depends(_period)]


@router.get(
    "/v1/reports/time",
    operation_id="time_report",
    response_model=TimeReport,
    responses=UNCHANGED | problems(400),
    dependencies=[fresh("reports")],
)
async def time(
    request: Request,
    standing: Stands,
    caller: Reader,
    period: Within,
    by: Annotated[list[TimeBy] | None, Query(max_length=3, description="Divided by.")] = None,
    learner: Annotated[str | None, Query(pattern=ID_PATTERN, description="Of this alone.")] = None,
    course: OfCourse = None,
    limit: Lines = 1_000,
) -> Response:
    """All the time ever spent, whatever was reset since, of a learner or of all.

    Time is kept by month: a period takes in the whole months of its days.
    """
    await check_reads(standing, caller, learner)

    async def count() -> TimeReport:
        found = await ReportsView(standing.log.pool).time(
            caller.school, by or (), learner=learner, course=course, period=period, limit=limit + 1
        )
        return TimeReport(**lines(TimeSpent, found, limit))

    asked = (tuple(by or ()), learner, course, period, limit)
    return await standing.counted.answer(request, caller.school, ("reports",), asked, count)


@router.get(
    "/v1/reports/learners",
    operation_id="time_by_learner",
    response_model=LearnerTimes,
    responses=UNCHANGED | problems(400),
    dependencies=[fresh("reports")],
)
async def learners(
    request: Request,
    standing: Stands,
    caller: Reader,
    period: Within,
    course: OfCourse = None,
    limit: Limit = 100,
    cursor: Annotated[
        str | None, Query(pattern=ID_PATTERN, description="Where a page begins: as Link had it.")
    ] = None,
) -> Response:
    """The time that each learner ever spent, in order of their ids; the header Link leads on."""
    await check_reads(standing, caller)
    found = await ReportsView(standing.log.pool).time_by_learner(
        caller.school, course, period, after=cursor or "", limit=limit + 1
    )
    page, link = paged(request, found, limit, lambda it: str(it.learner))
    told = LearnerTimes(learners=tuple(LearnerTime(**it._asdict()) for it in page))
    return answered(told, request, link)


@router.get(
    "/v1/reports/counts",
    operation_id="count_report",
    response_model=CountReport,
    responses=UNCHANGED | problems(400),
    dependencies=[fresh("reports")],
)
async def counts(
    request: Request,
    standing: Stands,
    caller: Reader,
    period: Within,
    by: Annotated[list[CountBy] | None, Query(max_length=4, description="Divided by.")] = None,
    kind: Annotated[
        list[Counted] | None, Query(max_length=20, description="Of these; none: of all.")
    ] = None,
    course: OfCourse = None,
    limit: Lines = 1_000,
) -> Response:
    """Completions, enrolments, unenrolments and resets, by when they were achieved."""
    await check_reads(standing, caller)

    async def count() -> CountReport:
        found = await ReportsView(standing.log.pool).counts(
            caller.school,
            by or (),
            kinds=kind or KINDS,
            course=course,
            period=period,
            limit=limit + 1,
        )
        return CountReport(**lines(Counts, found, limit))

    asked = (tuple(by or ()), tuple(kind or ()), course, period, limit)
    return await standing.counted.answer(request, caller.school, ("reports",), asked, count)


def lines(model: type[Line], found: Sequence[Any], limit: int) -> dict[str, Any]:
    """Up to so many lines of a report, and whether there are more."""
    told = tuple(model(**it._asdict()) for it in found[:limit])
    return {"lines": told, "more": len(found) > limit}
