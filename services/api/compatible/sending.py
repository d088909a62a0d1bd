"""Commands of clients that name none: the job's id is the command's."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import orjson
from starlette.requests import Request

from contracts import registry
from contracts.api.compatible import (
    Compatible,
    CompletionAsked,
    EnrollmentAsked,
    ProductAsked,
    ResetAsked,
)
from contracts.commands import Command
from contracts.results import Code
from contracts.schema import Untitled
from services.api.commands.asked import Asked
from services.api.commands.carrying import carried, foreseen, incoming_of
from services.api.commands.idempotency import KEY, key_of
from services.api.commands.offered import REFERENCE
from services.api.commands.results import seen_from, status_of
from services.api.documenting import Node
from services.api.reads.reached import Wanted
from services.api.standing import Standing
from services.api.who.caller import Caller
from services.commands.incoming import fingerprint
from services.http.problems import Problem

SHOWN_SECONDS = 5
"""How long an answer waits for the views; it comes then whether or not they have it."""
KNOWN_AT_ONCE: frozenset[Code] = frozenset(
    {
        "not_permitted",
        "feature_not_available",
        "unknown_learner",
        "unknown_course",
        "unknown_activity",
    }
)
"""Refusals that follow from the directory and the course, whatever else is under way."""
_KEY = KEY | {
    "required": False,
    "description": "The job's id, chosen by the caller; without it a new one. What comes again "
    "under the same is carried out once.",
}
_IN_A_BODY = frozenset({"unknown_activity"})
_CONFLICT = 409
_VALIDATION = 422


def asks(model: type[Compatible], example: Mapping[str, Any]) -> Node:
    """A body in the document, with the header that a client may send."""
    schema = {"$ref": REFERENCE.format(model=model.__name__)}
    content = {"application/json": {"schema": schema, "example": example}}
    return {"parameters": [_KEY], "requestBody": {"required": True, "content": content}}


def schemas() -> dict[str, Node]:
    """The bodies, as components of the document."""
    return {
        model.__name__: model.model_json_schema(ref_template=REFERENCE, schema_generator=Untitled)
        for model in (CompletionAsked, ResetAsked, EnrollmentAsked, ProductAsked)
    }


def job_id_of(request: Request) -> str:
    """The client's own Idempotency-Key, a new UUID where it sends none.

    Raises:
        Problem: 400 where the key can be no id.
    """
    return key_of(request) if "idempotency-key" in request.headers else str(uuid4())


async def send(
    standing: Standing, caller: Caller, job: str, command: Asked, wait: int = 0
) -> dict[str, Any] | None:
    """Send the command on, and give its result as far as it is there or comes in time.

    Raises:
        Problem: as ``carried`` does.
    """
    digest = fingerprint(registry.name_of(command), command)
    given = await carried(standing, (caller.school, job), command, digest, wait)
    return None if given is None else orjson.loads(given.result)


async def check_at_once(standing: Standing, job: str, command: Command) -> None:
    """Refuse now what would be refused however things stand when it is carried out.

    A repeat of what was carried out is not looked at anew.

    Raises:
        Problem: 403, 404, 422.
    """
    if await standing.receipts.find((command.school, job)) is not None:
        return
    incoming = incoming_of(standing, job, registry.name_of(command), command)
    previewed = await foreseen(standing, incoming)
    if previewed.code in KNOWN_AT_ONCE:
        raise refused(previewed.code, previewed.message or "")


def refused(code: str, message: str) -> Problem:
    """A rejection, by the statuses that LearnWorlds' API has."""
    status = status_of(code)
    if status == _CONFLICT or code in _IN_A_BODY:
        status = _VALIDATION
    return Problem(status, code, message)


async def until_shown(standing: Standing, result: dict[str, Any]) -> None:
    """Wait until reads show what a command did, or for so long."""
    wanted = Wanted(("progress",), await seen_from(standing, result))
    await standing.reached.wait(wanted, SHOWN_SECONDS)
