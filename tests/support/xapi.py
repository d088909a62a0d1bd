"""What a statement has to be: xAPI 1.0.3 part 2, and a learning record store that holds to it."""

from __future__ import annotations

import asyncio
import base64
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import web
from jsonschema import Draft202012Validator, FormatChecker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_IRI = {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:\S+$"}
_UUID = {"type": "string", "pattern": r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
_MAP = {"type": "object", "propertyNames": _IRI, "minProperties": 1}


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        "minProperties": 1,
    }


_ACTIVITY = _object(
    ("id",), objectType={"const": "Activity"}, id=_IRI, definition=_object(type=_IRI)
)
_SCORE = _object(
    scaled={"type": "number", "minimum": -1, "maximum": 1},
    **{name: {"type": "number"} for name in ("raw", "min", "max")},
)
_AGENT = _object(
    ("account",),
    objectType={"const": "Agent"},
    account=_object(("homePage", "name"), homePage=_IRI, name={"type": "string", "minLength": 1}),
)
_REFERENCE = _object(("objectType", "id"), objectType={"const": "StatementRef"}, id=_UUID)
_STATEMENT = _object(
    ("id", "actor", "verb", "object", "timestamp"),
    id=_UUID,
    actor=_AGENT,
    verb=_object(
        ("id",),
        id=_IRI,
        display={"type": "object", "additionalProperties": {"type": "string"}},
    ),
    object={"anyOf": [_ACTIVITY, _REFERENCE]},
    result=_object(
        score=_SCORE,
        success={"type": "boolean"},
        completion={"type": "boolean"},
        extensions=_MAP,
    ),
    context=_object(
        registration=_UUID,
        platform={"type": "string"},
        contextActivities=_object(parent={"type": "array", "items": _ACTIVITY, "minItems": 1}),
        extensions=_MAP,
    ),
    timestamp={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"},
)
"""The properties that we use, as the specification has them; no others."""
_VOIDS = {
    "properties": {
        "verb": {"properties": {"id": {"const": "http://adlnet.gov/expapi/verbs/voided"}}},
        "object": _REFERENCE,
        "context": {"properties": {"platform": False}},
        "result": False,
    }
}
"""A statement voids another, or is about an activity; only then it has a platform (§2.4.6)."""
STATEMENT = _STATEMENT | {
    "if": {
        "properties": {
            "object": {
                "required": ["objectType"],
                "properties": {"objectType": {"const": "StatementRef"}},
            }
        }
    },
    "then": _VOIDS,
    "else": {"properties": {"verb": {"not": _VOIDS["properties"]["verb"]}}},
}
VALIDATOR = Draft202012Validator(STATEMENT, format_checker=FormatChecker())
LOGIN = "Basic " + base64.b64encode(b"coursemark:secret").decode()


class Receiver:
    """A store in memory; ``answers`` come first, one a request, whatever it is asked;
    none of them: it hangs until the end.

    ``suspicious``: it answers a repeat with a conflict, as some do, although it is the same.
    """

    def __init__(self) -> None:
        self.has: dict[str, dict[str, Any]] = {}
        self.answers: list[web.Response | None] = []
        self.over = asyncio.Event()
        self.refuses: set[str] = set()
        self.suspicious = False
        self.largest = 10_000
        self.posts: list[int] = []
        self.versions: set[str] = set()
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        if self.answers:
            answer = self.answers.pop(0)
            if answer is not None:
                return answer
            await self.over.wait()
        if request.headers.get("Authorization") != LOGIN:
            return web.Response(status=401, text="who are you?")
        self.versions.add(request.headers["X-Experience-API-Version"])
        if request.method == "GET":
            return self._give(**request.query)
        return self._take(json.loads(await request.text()))

    def voided(self) -> set[str]:
        """Ids of statements that are voided, whether or not they are there."""
        references = (it["object"] for it in self.has.values())
        return {it["id"] for it in references if it["objectType"] == "StatementRef"}

    def current(self) -> list[dict[str, Any]]:
        """What it has, without voided statements and without those that void (§2.3.2)."""
        voided = self.voided()
        return [
            it
            for id_, it in self.has.items()
            if id_ not in voided and it["object"]["objectType"] != "StatementRef"
        ]

    def _give(self, statementId: str = "", voidedStatementId: str = "") -> web.Response:  # noqa: N803 - xAPI's
        """One that is voided answers to its own parameter alone (part 3 §2.1.4)."""
        found = self.has.get(statementId or voidedStatementId)
        if found is None or (found["id"] in self.voided()) is not bool(voidedStatementId):
            return web.Response(status=404)
        return web.json_response(found)

    def _take(self, statements: list[dict[str, Any]]) -> web.Response:
        self.posts.append(len(statements))
        if len(statements) > self.largest:
            return web.Response(status=413)
        for it in statements:
            VALIDATOR.validate(it)
            if it["id"] in self.refuses:
                return web.Response(status=400, text="that verb is not for us")
        known = [it for it in statements if it["id"] in self.has]
        if any(self.suspicious or self.has[it["id"]] != it for it in known):
            return web.Response(status=409)
        self.has |= {it["id"]: it for it in statements}
        return web.json_response([it["id"] for it in statements])


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.router.add_route("*", "/xapi/statements", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    port = site._server.sockets[0].getsockname()[1]
    receiver.url = f"http://127.0.0.1:{port}/xapi"
    try:
        yield receiver
    finally:
        receiver.over.set()
        await runner.cleanup()
