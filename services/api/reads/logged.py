"""Reads of the events log: of a learner, and of the whole school."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.learners import LoggedEvents
from contracts.fields import ID_PATTERN, Instant
from services.api.documenting import UNCHANGED, problems
from services.api.reads import showing
from services.api.reads.at import When, too_much
from services.api.reads.fresh import fresh
from services.api.reads.known import Learner, check_known
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.pages import Cursor, Limit, linked, paged
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.http.paging import position_of
from services.http.problems import Problem
from services.store.selection import SelectionError, stored_names, types
from services.views.cards.folding import Past
from services.views.cards.past import TooMuchError, past_entries
from services.views.events_log import Asked, EventsLogView

router = APIRouter(route_class=Bounded, tags=["events"])


async def _asked(
    course: Annotated[str | None, Query(pattern=ID_PATTERN, description="Of this alone.")] = None,
    type_: Annotated[
        list[str] | None,
        Query(
            alias="type",
            max_length=20,
            description="Of any of these types: course_completed, or its whole name.",
            examples=[["course_completed"]],
        ),
    ] = None,
    actor: Annotated[str | None, Query(pattern=ID_PATTERN, description="Who did it.")] = None,
    since: Annotated[Instant | None, Query(description="Recorded then or later.")] = None,
    until: Annotated[Instant | None, Query(description="Recorded before.")] = None,
) -> Asked:
    """The filters of both logs.

    Raises:
        Problem: 400.
    """
    if since is not None and until is not None and since >= until:
        raise Problem(400, "invalid_request", "until: is not after since; change places.")
    try:
        names = types(type_ or ())
    except SelectionError as error:
        raise Problem(400, "invalid_request", f"type: {error}") from None
    return Asked(course, stored_names(names), actor, since, until)


Filters = Annotated[Asked, Depends(_asked)]


@router.get(
    "/v1/events",
    operation_id="events",
    response_model=LoggedEvents,
    responses=UNCHANGED | problems(400, 404),
    dependencies=[fresh("events_log")],
)
async def events_of_school(
    request: Request,
    standing: Stands,
    caller: Reader,
    asked: Filters,
    learner: Annotated[str | None, Query(pattern=ID_PATTERN, description="Of this alone.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """What happened in the school, the newest first; the header Link leads on.

    A page looks at a stretch of the log: where filters leave little of it, it has fewer entries
    than its limit, or none, and Link leads on all the same until the log has been seen whole.
    """
    if learner is not None:
        return await _of_learner(request, standing, caller, learner, asked, limit, cursor)
    await check_reads(standing, caller)
    view = EventsLogView(standing.log.pool)
    before = None if cursor is None else position_of(cursor)
    found = await view.chosen(caller.school, asked, limit, before=before)
    link = linked(request, None if found.next is None else str(found.next))
    return answered(LoggedEvents(events=tuple(map(showing.logged, found.entries))), request, link)


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
    asked: Filters,
    when: When,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """What happened to a learner, the newest first, now or as it was; the header Link leads on."""
    return await _of_learner(request, standing, caller, learner, asked, limit, cursor, when)


async def _of_learner(
    request: Request,
    standing: Stands,
    caller: Reader,
    learner: str,
    asked: Asked,
    limit: int,
    cursor: str | None,
    when: Past | None = None,
) -> Response:
    await check_reads(standing, caller, learner)
    pool, before, size = standing.log.pool, position_of(cursor), limit + 1
    if when is None:
        view = EventsLogView(pool)
        found = await view.entries(caller.school, learner, limit=size, before=before, asked=asked)
    else:
        try:
            found = await past_entries(
                pool, caller.school, learner, asked, when, before=before, limit=size
            )
        except TooMuchError as error:
            raise too_much(error) from None
    if not found and cursor is None:
        await check_known(standing, caller.school, learner)
    page, link = paged(request, found, limit, lambda it: str(it.position))
    return answered(LoggedEvents(events=tuple(map(showing.logged, page))), request, link)
