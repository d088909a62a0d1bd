"""A request's body as a command: of the token's school, in its user's name, from the API."""

from typing import Any

import pydantic_core
from pydantic import ValidationError
from starlette.requests import Request

from contracts.commands import Command
from contracts.operations import OperationCommand
from contracts.problems import details, sentence
from services.api.web.bodies import LARGEST, object_of
from services.api.who.caller import Caller
from services.http.problems import Problem

GIVEN = ("school", "actor", "source")
"""Fields that the token tells; a body may repeat them, and may not say another."""

Asked = Command | OperationCommand


async def command_of(request: Request, model: type[Asked], caller: Caller) -> Asked:
    """The command that a request asks for.

    Raises:
        Problem: 400, 403, 408, 413 or 415.
    """
    said = await object_of(request)
    own = {"school": caller.school, "actor": caller.actor, "source": "api"}
    _check(said, own)
    if "actor" not in model.model_fields:
        del own["actor"]
    try:
        command = model.model_validate_json(pydantic_core.to_json(said | own))
    except ValidationError as error:
        more = {"problems": details(error)}
        raise Problem(400, "invalid_command", sentence(error), more=more) from None
    if len(command.to_json()) > LARGEST:
        raise Problem(413, "too_large", f"A command has {LARGEST:,} bytes at the most.")
    return command


def _check(said: dict[str, Any], own: dict[str, str | None]) -> None:
    for field in GIVEN:
        if field in said and said[field] != own[field]:
            raise Problem(
                403,
                "not_permitted",
                f"{field}: the token tells it, and not this one; leave the field out.",
            )
