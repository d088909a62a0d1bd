"""Learners of a school by what they did and who they are: the advanced search."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.search import LARGEST, FoundCompletion, FoundLearner, FoundRecord, Learners
from contracts.fields import Label
from services.api.documenting import UNCHANGED, problems
from services.api.reads.fresh import fresh
from services.api.reads.known import unknown_search
from services.api.standing import Standing, Stands
from services.api.web.answers import answered
from services.api.web.pages import linked
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.http.problems import Problem
from services.views.search.criteria import USUAL_PAGE, Criteria, criteria, page_request
from services.views.search.errors import SearchError
from services.views.search.port import Completion, Found, Record
from services.views.search.postgres import PostgresSearch
from services.views.search.saved import saved

router = APIRouter(route_class=Bounded, tags=["learners"])


class Asked(Criteria):
    """The criteria as parameters, where all is text; and which page."""

    model_config = ConfigDict(strict=False)

    limit: Annotated[int, Field(ge=1, le=LARGEST, description="Learners of a page.")] = USUAL_PAGE
    cursor: Annotated[str, Field(max_length=2_000)] | None = Field(
        None, description="Where a page begins: as Link had it."
    )

    saved: Label | None = Field(
        None, description="The name of a saved search, in place of criteria."
    )

    @property
    def criteria(self) -> Criteria:
        """Without the page."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return criteria({name: it for name, it in given.items() if name in Criteria.model_fields})


@router.get(
    "/v1/learners",
    operation_id="learners",
    response_model=Learners,
    responses=UNCHANGED | problems(400, 404),
    dependencies=[fresh("search")],
)
async def learners(
    request: Request, standing: Stands, caller: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """Learners of the school who meet all the criteria; without any, all of them.

    What is about records has to be met by one and the same record of a learner in a course. A
    reset takes nobody out of what they ever did (R3). The header Link leads on.
    """
    await check_reads(standing, caller)
    page = page_request(asked.limit, asked.cursor)
    try:
        wanted = await _wanted(standing, caller.school, asked)
        found = await PostgresSearch(standing.log.pool).find(caller.school, wanted, page)
    except SearchError as error:
        raise Problem(400, "invalid_request", f"cursor: {error}") from None
    told = Learners(
        learners=tuple(map(_learner, found.found)),
        total=found.total.learners,
        exact=found.total.exact,
    )
    return answered(told, request, linked(request, found.next))


async def _wanted(standing: Standing, school: str, asked: Asked) -> Criteria:
    given = asked.criteria
    if asked.saved is None:
        return given
    if given.given:
        raise Problem(
            400, "invalid_request", "saved: goes without criteria; change the search, or leave it."
        )
    found = await saved(standing.log.pool, school, asked.saved)
    if found is None:
        raise unknown_search()
    return found


def _learner(found: Found) -> FoundLearner:
    return FoundLearner(**found._asdict() | {"records": tuple(map(_record, found.records))})


def _record(record: Record) -> FoundRecord:
    completions = tuple(map(_completion, record.completions))
    return FoundRecord(**record._asdict() | {"completions": completions})


def _completion(it: Completion) -> FoundCompletion:
    return FoundCompletion(**it._asdict(), manually_completed=it.manually)
