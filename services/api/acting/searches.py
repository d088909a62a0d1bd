"""Searches are kept under a name, changed, and deleted."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.search import SavedSearch
from services.api.documenting import problems
from services.api.reads.known import unknown_search
from services.api.reads.searches import Name, shown
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.bodies import body_as, body_of
from services.api.web.routes import Patient
from services.api.who.caller import Manager, check_administers
from services.views.search.criteria import Criteria
from services.views.search.saved import forget, save

router = APIRouter(route_class=Patient, tags=["searches"])


@router.put(
    "/v1/searches/{name:path}",
    operation_id="put_search",
    response_model=SavedSearch,
    responses=problems(400, 408, 413, 415),
    openapi_extra=body_of(Criteria),
)
async def put(request: Request, name: Name, standing: Stands, caller: Manager) -> Response:
    """Keep a search under a name, in place of what it was.

    Operations that name it find by it from then on, when they begin.
    """
    await check_administers(standing, caller)
    wanted = await body_as(request, Criteria)
    kept = await save(standing.log.pool, caller.school, name, wanted, standing.clock())
    return answered(shown(kept))


@router.delete(
    "/v1/searches/{name:path}",
    operation_id="delete_search",
    response_model=SavedSearch,
    responses=problems(400, 404),
)
async def delete(name: Name, standing: Stands, caller: Manager) -> Response:
    """Delete a saved search, and give what it was.

    Operations and schedules that name it find nobody to act on from then on, and say so.
    """
    await check_administers(standing, caller)
    kept = await forget(standing.log.pool, caller.school, name)
    if kept is None:
        raise unknown_search()
    return answered(shown(kept))
