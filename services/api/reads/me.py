"""Whose token it is."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from contracts.api.me import Me
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.routes import Bounded
from services.api.who.caller import Caller, may, role_of
from services.store.tokens import SCOPES

router = APIRouter(route_class=Bounded, tags=["me"])


@router.get("/v1/me", response_model=Me, operation_id="me")
async def me(standing: Stands, caller: Annotated[Caller, Depends(may(*SCOPES))]) -> Response:
    """Whose token this is, and which role its user has now."""
    level = await role_of(standing, caller)
    return answered(
        Me(school=caller.school, token=caller.token, actor=caller.actor, role_level=level)
    )
