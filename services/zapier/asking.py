"""Who asks, and what for: the token, the body, what stands in the address."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from pydantic import Field, ValidationError
from starlette.requests import Request

from contracts.envelope import EnvelopeError, parse_object
from contracts.model import Contract
from contracts.problems import sentence
from contracts.webhooks import Trigger
from services.http.bearer import bearer
from services.http.bodies import json_body
from services.http.paging import position_of
from services.http.problems import Problem
from services.store.records import Position
from services.store.tokens import Token, Tokens
from services.zapier.recent import TYPES

LARGEST = 16 * 1024
"""Bytes of a body."""
MOST = 100
"""Zaps in one answer."""
_LIMIT = re.compile(r"[1-9][0-9]?|100")


class Hook(Contract):
    """What Zapier asks for when a Zap is switched on."""

    target_url: Annotated[str, Field(max_length=2_048)]
    trigger: Trigger


async def authenticate(request: Request, tokens: Tokens, clock: Callable[[], datetime]) -> Token:
    """The token of a request.

    Raises:
        Problem: 401 without a valid one, 403 where it is for something else.
    """
    return await bearer(request, tokens, clock(), ["zapier"])


async def hook_of(request: Request) -> Hook:
    """What a body asks for.

    Raises:
        Problem: 400, 408, 413 or 415.
    """
    body = await json_body(request, LARGEST)
    try:
        parse_object(body)
        hook = Hook.model_validate_json(body)
    except EnvelopeError as error:
        raise Problem(400, error.code, str(error)) from None
    except ValidationError as error:
        raise Problem(400, "invalid_request", sentence(error)) from None
    if hook.trigger not in TYPES:
        raise Problem(400, "invalid_request", f"trigger: take one of {', '.join(TYPES)}.")
    return hook


def trigger_of(text: str) -> Trigger:
    """A trigger that a Zap can have.

    Raises:
        Problem: 404.
    """
    if text not in TYPES:
        raise Problem(404, "unknown_trigger", f"There is no such trigger; take {', '.join(TYPES)}.")
    return text


def page_of(request: Request) -> tuple[int, Position]:
    """How many at the most, and before which position.

    Raises:
        Problem: 400.
    """
    limit, cursor = request.query_params.get("limit", "50"), request.query_params.get("cursor")
    if not _LIMIT.fullmatch(limit):
        raise Problem(400, "invalid_request", f"limit: send a number, 1 to {MOST}.")
    return int(limit), position_of(cursor)
