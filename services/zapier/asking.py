"""Who asks, and what for: the token, the body, what stands in the address."""

import asyncio
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
from services.store.records import Position
from services.store.tokens import Token, Tokens
from services.views.events_log import END
from services.zapier.problems import Problem
from services.zapier.recent import TYPES

LARGEST = 16 * 1024
"""Bytes of a body."""
BODY_SECONDS = 10
MOST = 100
"""Zaps in one answer."""
_LONGEST_TOKEN = 200
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
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    token = None
    if kind.lower() == "bearer" and 0 < len(secret) <= _LONGEST_TOKEN:
        token = await tokens.find(secret.strip(), clock())
    if token is None:
        raise Problem(
            401,
            "unauthorized",
            "Send a valid token: Authorization: Bearer cm_..., made with "
            "`coursemark tokens create SCHOOL zapier`.",
        )
    if "zapier" not in token.scopes:
        raise Problem(403, "not_permitted", "This token is not for Zapier; make one that is.")
    return token


async def hook_of(request: Request) -> Hook:
    """What a body asks for.

    Raises:
        Problem: 400, 408 or 413.
    """
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _body(request)
    except TimeoutError:
        raise Problem(408, "too_slow", "The body did not come; send it at once.") from None
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


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise Problem(413, "too_large", f"A body has {LARGEST:,} bytes at the most.")
    return bytes(body)


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
    try:
        before = END if cursor is None else Position.parse(cursor[:50])
    except ValueError:
        raise Problem(400, "invalid_request", "cursor: send one as you got it.") from None
    if max(before) > max(END) or min(before) < 0:
        raise Problem(400, "invalid_request", "cursor: send one as you got it.")
    return int(limit), before
