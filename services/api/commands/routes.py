"""Commands over HTTP: sent on as they would come on Kafka, and answered when their result is.

The Idempotency-Key is the command's id, so that the receipt which the command worker writes with
the events is the only memory of it.
"""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.commands import Taken
from contracts.commands import Command
from contracts.operations import OperationCommand
from contracts.results import CommandAccepted, CommandPreviewed
from services.api.commands.asked import Asked, command_of
from services.api.commands.carrying import carried, foreseen, incoming_of
from services.api.commands.idempotency import KEY, PREFER, applied, key_of, wait_of
from services.api.commands.offered import OFFERED, REFERENCE, Offered
from services.api.commands.results import POSITIONED, address, answer_of
from services.api.documenting import problems
from services.api.standing import Standing, Stands
from services.api.web.answers import answered, of_bytes
from services.api.web.routes import Patient
from services.api.who.caller import Caller, may
from services.api.who.noted import noted
from services.commands.incoming import fingerprint

router = APIRouter(route_class=Patient, tags=["commands"])


async def carry_out(
    request: Request, standing: Standing, caller: Caller, offered: Offered
) -> Response:
    """Take a command, send it on, and answer as the request prefers.

    Raises:
        Problem: whatever is wrong, and a rejection where the request waited for it.
    """
    key, wait = key_of(request), wait_of(request)
    command = await command_of(request, offered.model, caller)
    if isinstance(command, Command) and command.dry_run:
        incoming = incoming_of(standing, key, offered.declared, command)
        seen = await foreseen(standing, incoming)
        noted(request).looks = seen.code is None
        return of_bytes(seen.to_json())
    digest = fingerprint(offered.declared, command)
    given = await carried(standing, (caller.school, key), command, digest, wait)
    if given is not None and wait:
        return await answer_of(standing, given.result, applied(wait))
    return _taken(key, command)


def _taken(key: str, command: Asked) -> Response:
    operation = None
    if isinstance(command, OperationCommand):
        operation = f"/v1/operations/{quote(command.operation, safe='')}"
    result = address(key)
    taken = Taken(command_id=key, result=result, operation=operation)
    return answered(taken, headers={"Location": result}, status=202)


def _route(offered: Offered) -> None:
    async def command(
        request: Request,
        standing: Stands,
        caller: Annotated[Caller, Depends(may(offered.scope))],
    ) -> Response:
        return await carry_out(request, standing, caller, offered)

    router.add_api_route(
        f"/v1/commands/{offered.name}",
        command,
        methods=["POST"],
        operation_id=offered.declared.split(".")[2],
        description=offered.model.__doc__,
        response_model=CommandAccepted | CommandPreviewed,
        response_description="It was carried out (with Prefer: wait), or previewed (dry_run).",
        responses={
            202: {
                "model": Taken,
                "description": "It was sent on; its result will be at Location.",
                "headers": {"Location": {"schema": {"type": "string", "format": "uri-reference"}}},
            },
            **problems(400, 403, 404, 408, 409, 413, 415, 422),
            **POSITIONED,
        },
        openapi_extra=_extra(offered),
    )


def _extra(offered: Offered) -> dict[str, Any]:
    schema = {"$ref": REFERENCE.format(model=offered.schema_name)}
    return {
        "parameters": [KEY, PREFER],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
    }


for _offered in OFFERED.values():
    _route(_offered)
