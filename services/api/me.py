"""Whose token it is."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from contracts.fields import RoleLevel
from contracts.model import Contract
from services.api.answers import answered
from services.api.caller import Caller, may
from services.api.routes import Bounded
from services.api.standing import Stands
from services.store.people import people
from services.store.tokens import SCOPES

router = APIRouter(route_class=Bounded, tags=["me"])


class Me(Contract):
    """The token's school and user; ``role_level``: none where the directory knows no such user."""

    school: str
    token: str
    actor: str | None = None
    role_level: RoleLevel | None = None


@router.get("/v1/me", response_model=Me, operation_id="me")
async def me(standing: Stands, caller: Annotated[Caller, Depends(may(*SCOPES))]) -> Response:
    """Whose token this is, and which role its user has now."""
    known = await people(standing.log.pool, caller.school, [caller.actor or ""])
    level = known[caller.actor].role_level if caller.actor in known else None
    return answered(
        Me(school=caller.school, token=caller.token, actor=caller.actor, role_level=level)
    )
