"""Saved searches: which there are, and what each asks for."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.search import SavedSearch, SavedSearches
from contracts.fields import NO_NUL_PATTERN
from services.api.documenting import UNCHANGED, problems
from services.api.reads.known import unknown_search
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.pages import Limit, paged
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.views.search.saved import Saved, listed, named

router = APIRouter(route_class=Bounded, tags=["searches"])

Name = Annotated[
    str,
    Path(max_length=200, pattern=NO_NUL_PATTERN, min_length=1, description="The search's name."),
]


@router.get(
    "/v1/searches",
    operation_id="searches",
    response_model=SavedSearches,
    responses=UNCHANGED | problems(400),
)
async def searches(
    request: Request,
    standing: Stands,
    caller: Reader,
    limit: Limit = 50,
    cursor: Annotated[
        str | None,
        Query(
            max_length=200,
            pattern=NO_NUL_PATTERN,
            description="Where a page begins: as Link had it.",
        ),
    ] = None,
) -> Response:
    """The school's saved searches, in order of their names; the header Link leads on."""
    await check_reads(standing, caller)
    found = await listed(standing.log.pool, caller.school, cursor or "", limit + 1)
    page, link = paged(request, found, limit, lambda it: it.name)
    return answered(SavedSearches(searches=tuple(map(shown, page))), request, link)


@router.get(
    "/v1/searches/{name:path}",
    operation_id="get_search",
    response_model=SavedSearch,
    responses=UNCHANGED | problems(400, 404),
)
async def search(request: Request, name: Name, standing: Stands, caller: Reader) -> Response:
    """What a saved search asks for."""
    await check_reads(standing, caller)
    found = await named(standing.log.pool, caller.school, name)
    if found is None:
        raise unknown_search()
    return answered(shown(found), request)


def shown(it: Saved) -> SavedSearch:
    """In the shape of the API."""
    return SavedSearch(
        name=it.name,
        criteria=orjson.loads(it.criteria.model_dump_json(exclude_defaults=True)),
        created_at=it.created_at,
        changed_at=it.changed_at,
    )
