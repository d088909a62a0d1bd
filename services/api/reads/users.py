"""Users by their ids and e-mail addresses, many at once: whom a list of names means."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.users import FindUsers, FoundUser, FoundUsers
from services.api.documenting import problems
from services.api.reads import showing
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.bodies import body_as
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.store.people import people, users_by_name

router = APIRouter(route_class=Bounded, tags=["learners"])


@router.post(
    "/v1/find-users",
    operation_id="find_users",
    response_model=FoundUsers,
    responses=problems(400, 408, 413, 415),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": FindUsers.model_json_schema(),
                    "examples": {"names": {"value": {"names": ["u-1204", "sam@school.example"]}}},
                }
            },
        }
    },
)
async def find_users(request: Request, standing: Stands, caller: Reader) -> Response:
    """Users of the school by ids or e-mail addresses, up to 1,000 names at once.

    It changes nothing; POST, since a list of names does not fit into an address, and belongs into
    no log.
    """
    await check_reads(standing, caller)
    asked = await body_as(request, FindUsers)
    pool, school = standing.log.pool, caller.school
    found = await users_by_name(pool, school, asked.names)
    known = await people(pool, school, {user for users in found.values() for user in users})
    users = [
        FoundUser(asked=name, user=user, **dict(person))
        for name, named in found.items()
        for user in named
        if (person := showing.person(known.get(user))) is not None
    ]
    return answered(FoundUsers(users=tuple(users)))
