"""Which answers go into the audit log: every refusal, and every change that was asked for."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.standing import Standing
from services.api.who.noted import Noted, noted_of
from services.store.audit import Entry

REFUSED = frozenset({401, 403})
COUNTED = frozenset({401, 404, 429})
"""Of these alike ones are counted: anybody can have as many of them as they like."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})
CHANGING = frozenset({"commands", "manage"})
"""What a player saw is no administrator's doing; the log of events has it."""
LONGEST = 300
"""Characters of anything that the caller chose."""
ADDRESS = "(an e-mail address)"
"""In place of one: the audit log is kept when a person is erased."""


class Recorded:
    """An ASGI middleware, around everything that answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and put down how it was answered."""
        standing: Standing | None = scope["app"].state.standing
        if scope["type"] != "http" or standing is None:
            await self._app(scope, receive, send)
            return
        noted = noted_of(scope)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                _record(standing, scope, noted, message["status"])
            await send(message)

        await self._app(scope, receive, sending)


def _record(standing: Standing, scope: Scope, noted: Noted, status: int) -> None:
    if scope.get("route") is None:  # nothing of ours was asked for
        return
    known = noted.caller is not None
    if status in COUNTED and (known or status in REFUSED):
        standing.recorder.count(_entry(standing, scope, noted, status))
    elif status in REFUSED or (known and _changes(scope, noted)):
        standing.recorder.record(_entry(standing, scope, noted, status))


def _changes(scope: Scope, noted: Noted) -> bool:
    asked = scope["method"] not in READING and not CHANGING.isdisjoint(noted.scopes)
    return asked and not noted.looks


def _entry(standing: Standing, scope: Scope, noted: Noted, status: int) -> Entry:
    route, client = scope["route"], scope.get("client")
    return Entry(
        at=standing.clock(),
        id=uuid4(),
        school=noted.school,
        caller=_cut(noted.caller),
        actor=noted.actor,
        method=_written(scope["method"]),
        route=route.path,
        ids=_ids(scope) if noted.caller is not None else {},
        status=status,
        code=scope["state"].get("code"),
        why=noted.why,
        address=_cut(client[0]) if client else None,
        operation=getattr(route, "operation_id", None),
        request_id=noted.request_id,
    )


def _ids(scope: Scope) -> Mapping[str, str]:
    """What the address names, and the command's id."""
    params: Mapping[str, Any] = scope.get("path_params", {})
    ids = {name: _id(str(value)) for name, value in params.items()}
    for name, value in scope["headers"]:
        if name == b"idempotency-key":
            ids["idempotency_key"] = _written(value.decode("latin-1").strip('" '))
    return ids


def _id(text: str) -> str:
    return ADDRESS if "@" in text else _written(text)


def _cut(text: str | None) -> str | None:
    return None if text is None else _written(text)


def _written(text: str) -> str:
    """As PostgreSQL can keep it: neither NUL nor half a character, and not too long."""
    kept = text[:LONGEST].replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return kept.encode("utf-8", "replace").decode()
