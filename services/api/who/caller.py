"""Who asks: a token of one school, in the name of one of its users."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Annotated, NamedTuple

from fastapi import Depends, Security
from fastapi.security import HTTPBearer
from starlette.requests import Request

from contracts.fields import RoleLevel
from services.api.standing import Standing, Stands
from services.api.web.awaited import LOOK_UP_SECONDS
from services.api.who.asking import asking, check_known
from services.api.who.noted import noted
from services.http.bearer import check_scopes
from services.http.problems import Problem
from services.store.people import people
from services.store.tokens import Scope

READERS: frozenset[RoleLevel] = frozenset({"admin", "instructor", "reporter"})
"""Levels that may read of every learner of their school; the others read of themselves."""

_scheme = HTTPBearer(
    scheme_name="token",
    description="A token of a school, made with `coursemark tokens create`, or of an OpenID "
    "provider that the school's operator has named.",
    auto_error=False,
)


class Caller(NamedTuple):
    """``actor``: none of a token that asks in nobody's name. ``scopes``: all that it has."""

    school: str
    token: str
    actor: str | None
    scopes: Collection[Scope] = ()


def may(*scopes: Scope) -> Callable[..., Awaitable[Caller]]:
    """A dependency: the caller, whose token is good for one of the scopes and not over its limit.

    It raises ``Problem``: 401, 403, 429, and 503 where the database does not answer in time.
    """

    async def caller(
        request: Request, standing: Stands, _: Annotated[object, Security(_scheme)]
    ) -> Caller:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            asked = await asking(request, standing)
        noted(request).scopes = scopes
        request.state.limited = standing.limits.spend(asked.token)
        request.state.limited.check()
        async with asyncio.timeout(LOOK_UP_SECONDS):
            await check_known(asked, standing, noted(request))
        check_scopes(scopes, asked.scopes)
        return Caller(asked.school, asked.token, asked.actor, asked.scopes)

    return caller


Reader = Annotated[Caller, Depends(may("read"))]
"""A parameter of an endpoint: a token that may read."""
Manager = Annotated[Caller, Depends(may("manage"))]
"""A token that may change how the school is set up; of its user see ``check_administers``."""


async def role_of(standing: Standing, caller: Caller) -> RoleLevel | None:
    """The level that the directory gives the caller's user at this moment (A1)."""
    actor = caller.actor or ""
    person = (await people(standing.log.pool, caller.school, [actor])).get(actor)
    return None if person is None else person.role_level


async def check_reads(standing: Standing, caller: Caller, learner: str | None = None) -> None:
    """Whether the caller may read of that learner, or (none) of the whole school.

    Raises:
        Problem: 403.
    """
    if caller.actor is not None and caller.actor == learner:
        return
    if await role_of(standing, caller) not in READERS:
        raise Problem(
            403,
            "not_permitted",
            f"{caller.actor} may not read that; ask in the name of a user whose role has the "
            f"level {', '.join(sorted(READERS))} in the directory.",
        )


async def check_administers(standing: Standing, caller: Caller) -> None:
    """Whether the caller's user is an administrator of the school now (A1).

    Raises:
        Problem: 403.
    """
    if await role_of(standing, caller) != "admin":
        raise Problem(
            403,
            "not_permitted",
            f"{caller.actor} may not do that; ask in the name of a user whose role has the level "
            "admin in the directory.",
        )
