"""Who has to renew which completion, and when (B12)."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.due import DueDates
from contracts.envelope import timestamp
from contracts.fields import ID_PATTERN, Instant
from services.api.documenting import UNCHANGED, problems
from services.api.reads.fresh import fresh
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.pages import Limit, linked
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.http.problems import Problem
from services.store.people import people
from services.views.due.asking import due_request
from services.views.due.reading import DueView
from services.views.due.telling import told
from services.views.search.errors import SearchError

USUAL_DAYS = 30

router = APIRouter(route_class=Bounded, tags=["due dates"])


@router.get(
    "/v1/due",
    operation_id="due",
    response_model=DueDates,
    responses=UNCHANGED | problems(400),
    dependencies=[fresh("progress")],
)
async def due(
    request: Request,
    standing: Stands,
    caller: Reader,
    course: Annotated[str | None, Query(pattern=ID_PATTERN, description="In this alone.")] = None,
    since: Annotated[
        Instant | None, Query(description="Due then or later, or else overdue too.")
    ] = None,
    before: Annotated[
        Instant | None, Query(description=f"Due before; by default in {USUAL_DAYS} days.")
    ] = None,
    limit: Limit = 50,
    cursor: Annotated[
        str | None, Query(max_length=2_000, description="Where a page begins: as Link had it.")
    ] = None,
) -> Response:
    """Whose completions have to be renewed, the soonest first, as schedules say now.

    The header Link leads on.
    """
    await check_reads(standing, caller)
    now = standing.clock()
    until = before or _in_some_days(now)
    try:
        asked = due_request(until, since, course, limit, cursor)
        page = await DueView(standing.log.pool).page(caller.school, asked)
    except SearchError as error:
        raise Problem(400, "invalid_request", str(error)) from None
    known = await people(standing.log.pool, caller.school, {it.learner for it in page.found})
    lines = tuple(told(it, known.get(it.learner), now) for it in page.found)
    link = linked(request, page.next, before=timestamp(until))
    return answered(DueDates(due=lines), request, link)


def _in_some_days(now: datetime) -> datetime:
    """The end of a day, so that the next page asks for the same."""
    day = now.astimezone(UTC).date() + timedelta(days=USUAL_DAYS + 1)
    return datetime.combine(day, time(), UTC)
