"""Reads of the events log: of a learner, and of the whole school."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.learners import LoggedEvents
from contracts.fields import ID_PATTERN
from services.api.documenting import UNCHANGED, problems
from services.api.reads import showing
from services.api.reads.fresh import fresh
from services.api.reads.known import Learner, check_known
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.pages import Cursor, Limit, paged
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.http.paging import position_of
from services.views.events_log import EventsLogView

router = APIRouter(route_class=Bounded, tags=["events"])


@router.get(
    "/v1/learners/{learner}/events",
    operation_id="events_of_learner",
    response_model=LoggedEvents,
    responses=UNCHANGED | problems(400, 404),
    dependencies=[fresh("events_log")],
)
async def events(
    request: Request,
    learner: Learner,
    standing: Stands,
    caller: Reader,
    course: Annotated[str | None, Query(pattern=ID_PATTERN, description="Of this alone.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """What happened to a learner, the newest first; the header Link leads on."""
    await check_reads(standing, caller, learner)
    before, view = position_of(cursor), EventsLogView(standing.log.pool)
    found = await view.entries(caller.school, learner, course, limit + 1, before=before)
    if not found and cursor is None:
        await check_known(standing, caller.school, learner)
    page, link = paged(request, found, limit, lambda it: str(it.position))
    return answered(LoggedEvents(events=tuple(map(showing.logged, page))), request, link)
