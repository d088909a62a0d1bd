"""Who asks, whom they mean, and what they send: as clients of LearnWorlds' API do it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from unicodedata import normalize

import pydantic_core
from fastapi import Depends, Header, Path
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from contracts.api.compatible import Compatible
from contracts.fields import CourseId
from contracts.problems import sentence
from services.api.reads.known import unknown_learner
from services.api.standing import Standing
from services.api.web.awaited import LOOK_UP_SECONDS
from services.api.web.bodies import object_of
from services.api.who.caller import Caller, may
from services.http.problems import Problem
from services.store.people import users_by_name
from services.store.tokens import Scope

Asked = TypeVar("Asked", bound=Compatible)
Check = Callable[[Standing, Caller], Awaitable[None]]
User = Annotated[
    str,
    Path(
        max_length=1_000,
        description="A user's id, or else their e-mail address, percent-encoded.",
        examples=["u-1204"],
    ),
]
CourseName = Annotated[
    str, Path(max_length=1_000, description="The course's id.", examples=["biology-1"])
]
_course = TypeAdapter[str](CourseId)


def client(*scopes: Scope) -> Callable[..., Awaitable[Caller]]:
    """A dependency: the caller, as ``may`` has it, whose ``Lw-Client`` is the token's school.

    It raises ``Problem``: 403 where the header names anything else. Without it the token tells.
    """

    async def caller(
        caller: Annotated[Caller, Depends(may(*scopes))],
        lw_client: Annotated[
            str | None,
            Header(description="The school's id. The token tells it too, so it may be left out."),
        ] = None,
    ) -> Caller:
        if lw_client is not None and lw_client.strip() != caller.school:
            raise Problem(
                403,
                "not_permitted",
                "Lw-Client names another school than the token's; send the id of the token's "
                "school, or leave the header out.",
            )
        return caller

    return caller


Commander = Annotated[Caller, Depends(client("commands"))]
"""A parameter of an endpoint: a token that may send commands."""
Reader = Annotated[Caller, Depends(client("read"))]
"""A token that may read."""
JobReader = Annotated[Caller, Depends(client("commands", "read"))]
"""A token that may read what became of commands."""


async def user_of(
    request: Request, standing: Standing, caller: Caller, name: str, check: Check
) -> str:
    """The id of the user whom an address names, by id or else by e-mail address.

    ``check`` refuses who may not ask about others, before it shows whether there are such. Then
    the request names the id: what is kept of it holds no e-mail address.

    Raises:
        Problem: 403, 404, and 422 where several users have the address.
    """
    found = await _named(standing, caller.school, name)
    if found != [caller.actor]:
        await check(standing, caller)
    if not found:
        raise unknown_learner()
    if len(found) > 1:
        raise Problem(
            422,
            "ambiguous_user",
            f"{len(found)} users have this e-mail address; name the one you mean by their id.",
        )
    request.path_params["user"] = found[0]
    return found[0]


async def _named(standing: Standing, school: str, name: str) -> list[str]:
    """Ids of the users who may be meant; an accent is one, composed or apart."""
    if "\0" in name:
        return []
    spelled = {name: None, normalize("NFC", name): None, normalize("NFD", name): None}
    async with asyncio.timeout(LOOK_UP_SECONDS):
        found = await users_by_name(standing.log.pool, school, spelled)
    return found.get(name) or [user for users in found.values() for user in users]


def course_of(name: str) -> str:
    """The name as a course's id.

    Raises:
        Problem: 404 where it can be none.
    """
    try:
        return _course.validate_python(name)
    except ValidationError:
        raise unknown_course() from None


def unknown_course() -> Problem:
    """404."""
    return Problem(
        404,
        "unknown_course",
        "The school has no such course; check the id, or wait until its structure is published.",
    )


async def body_of(request: Request, model: type[Asked]) -> Asked:
    """What a request sends.

    Raises:
        Problem: 400 where it is no JSON object, 422 where it is another one; 408, 413, 415.
    """
    said = await object_of(request)
    try:
        return model.model_validate_json(pydantic_core.to_json(said))
    except ValidationError as error:
        raise Problem(422, "invalid_request", sentence(error)) from None
