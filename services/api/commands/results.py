"""Results of commands: what became of each, as long as there is a log."""

import asyncio
from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from contracts import registry
from contracts.commands import RecordActivity
from contracts.fields import COMMAND_ID_PATTERN
from contracts.results import CommandAccepted, CommandRejected
from services.api.commands.idempotency import PREFER, applied, wait_of
from services.api.documenting import UNCHANGED, problems
from services.api.standing import Standing, Stands
from services.api.web.answers import of_bytes
from services.api.web.awaited import LOOK_UP_SECONDS
from services.api.web.position import HEADER, told
from services.api.web.routes import Patient
from services.api.who.caller import READERS, Caller, may, role_of
from services.http.problems import Problem
from services.store.records import Position

router = APIRouter(route_class=Patient, tags=["commands"])

_STATUS = {
    "not_permitted": 403,
    "feature_not_available": 403,
    "unknown_learner": 404,
    "unknown_course": 404,
    "unknown_activity": 404,
    "unknown_search": 404,
    "unknown_program": 404,
    "unknown_operation": 404,
    "invalid_command": 400,
    "command_id_reused": 422,
}
POSITIONED: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            HEADER: {
                "schema": {"type": "string"},
                "description": "Send it with a read that has to see what the command wrote.",
            }
        }
    }
}
"""What an answer with a result has."""
SIGNAL = registry.name_of(RecordActivity)
_CONFLICT = 409
"""Of every other code: it cannot be done as things stand."""


def address(command_id: str) -> str:
    """Of the result."""
    return f"/v1/results/{quote(command_id, safe='')}"


def status_of(code: str) -> int:
    """Of a rejection with that code."""
    return _STATUS.get(code, _CONFLICT)


def rejection(result: dict[str, Any], headers: dict[str, str]) -> Problem:
    """A rejection as the answer to whoever waited for it; the result stands in it."""
    code = result["code"]
    return Problem(
        status_of(code), code, result["message"], headers=headers, more={"result": result}
    )


async def answer_of(standing: Standing, body: bytes, headers: dict[str, str]) -> Response:
    """The answer to whoever waited for a command's result.

    Raises:
        Problem: it was rejected.
    """
    result = orjson.loads(body)
    headers = headers | await position_of(standing, result)
    if result["outcome"] == "rejected":
        raise rejection(result, headers)
    return of_bytes(body, headers=headers)


async def position_of(standing: Standing, result: dict[str, Any]) -> dict[str, str]:
    """The header that says from which position of the log on its command can be seen."""
    return told(await seen_from(standing, result))


async def seen_from(standing: Standing, result: dict[str, Any]) -> Position:
    """That of its last event; of a command without one the end of the log.

    What such a command found done already was written before.
    """
    events = result.get("events")
    async with asyncio.timeout(LOOK_UP_SECONDS):
        if events:
            last = events[-1]
            position = await standing.log.position_of(last["stream"], last["version"])
            if position is not None:
                return position
        return await standing.log.last()


@router.get(
    "/v1/results/{command_id:path}",
    operation_id="get_result",
    response_model=CommandAccepted | CommandRejected,
    responses=UNCHANGED | problems(400, 404) | POSITIONED,
    openapi_extra={"parameters": [PREFER]},
)
async def result(
    request: Request,
    command_id: Annotated[
        str, Path(pattern=COMMAND_ID_PATTERN, description="Of the command: its Idempotency-Key.")
    ],
    standing: Stands,
    caller: Annotated[Caller, Depends(may("commands", "read", "signals"))],
) -> Response:
    """What became of a command, byte for byte the same for ever (B1).

    404 before there is a result; `Prefer: wait=N` waits for it. Users of the levels admin,
    instructor and reporter see every result of the school, others what is about themselves; a
    token for signals sees what became of signals.
    """
    key = caller.school, command_id
    given, wait = await standing.receipts.find(key), wait_of(request)
    if given is None and wait:
        given = await standing.receipts.wait(key, wait)
    if given is None:
        raise _unknown()
    said = orjson.loads(given.result)
    if not await may_see(standing, caller, said):
        raise _unknown()
    position = await position_of(standing, said)
    return of_bytes(given.result, request, applied(wait) | position)


def _unknown() -> Problem:
    return Problem(
        404,
        "unknown_command",
        "There is no result of this command: it was never sent, or is not carried out yet.",
        headers={"Retry-After": "1"},
    )


async def may_see(standing: Standing, caller: Caller, result: dict[str, Any]) -> bool:
    """Whoever may not is told that it is not there: a key tells nothing of others' commands."""
    if caller.actor is not None and result.get("learner") == caller.actor:
        return True
    if "signals" in caller.scopes and result.get("command_type") == SIGNAL:
        return True
    return await role_of(standing, caller) in READERS
