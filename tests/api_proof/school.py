"""A school that has one of everything, so that whoever asks for an id finds something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from projections.registry import PROJECTIONS
from services.runtime.embedded.waiting import until
from services.store.cursors import positions
from services.store.log import EventLog
from services.store.tokens import SCOPES
from tests.support.appended import Appender
from tests.support.awarding import publish
from tests.support.importing import as_csv
from tests.support.programs import program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.integration.api.conftest import Api, Got

OF = {"learner": "u-1204", "course": "biology-1"}
_EMAIL = {"send_completion_email": False}
_MANY = {"learners": ["u-1204", "u-1205"]}
COMMANDS: Sequence[tuple[str, str, dict[str, Any]]] = (
    ("enroll-learner", "enroll-1", OF),
    (
        "mark-complete",
        "8e03978e-40d5-43d9-9bc0-6894a57f9324",
        {**OF, **_EMAIL, "activities": "whole_course"},
    ),
    ("bulk-enroll", "bulk-1", {**_MANY, "operation": "op-2026-11-25", "courses": ["biology-1"]}),
    (
        "bulk-mark-complete",
        "bulk-2",
        {
            **_MANY,
            **_EMAIL,
            "operation": "op-2",
            "course": "biology-1",
            "activities": "whole_course",
            "dry_run": True,
        },
    ),
)
"""Whose ids the document's examples have, and ``schemathesis.toml``, as that of the programme."""
PROGRAM = "science"
SEARCHES = "late", "who+is-late"
SCHEDULES = "renew-biology", "enrol-nurses", "one-more"
IMPORTS = ("import-2026-11-25", *(f"import-{number}" for number in range(1, 8)))
ENDPOINTS = 40
"""Some are removed before others are asked for: so many that a few stay."""
_SCHEDULE = {
    "task": {
        "what": "enroll",
        "whom": {"by": "tags", "tags": ["nurse"]},
        "courses": ["biology-1"],
    },
    "timezone": "UTC",
    "starts_at": "2199-01-01T02:00:00",
    "rule": "FREQ=MONTHLY",
}
_FILE = as_csv([["learner", "course"], ["u-1204", "biology-1"], ["nobody", "biology-1"]])


class Found(NamedTuple):
    """An administrator's token of every scope, and the ids that the API chose itself."""

    token: str
    endpoints: Sequence[str]


async def settled(api: Api) -> str:
    """The secret of an administrator's token of every scope; the school's commands are done."""
    token = await api.token(scopes=SCOPES)
    for name, key, body in COMMANDS:
        done = await api.command(name, token, key, body, wait=30)
        assert done.status == 200, done.body
    await shown(api)
    return token


async def furnished(api: Api) -> Found:
    """The same with a programme, searches, schedules, imports that are checked, and endpoints."""
    token = await settled(api)
    structure = program("biology-1", school=api.school, program=PROGRAM)
    await publish(Appender(EventLog(api.pool)), structure)
    for name in SEARCHES:
        _taken(await api.ask("PUT", f"/v1/searches/{name}", token, json={"tags": ["late"]}))
    for name in SCHEDULES:
        _taken(await api.ask("PUT", f"/v1/schedules/{name}", token, json=_SCHEDULE))
    for name in IMPORTS:
        asked = {"Idempotency-Key": name}
        _taken(await api.ask("POST", "/v1/imports?complete=true", token, asked, data=_FILE))
    for name in IMPORTS:
        assert await until(lambda name=name: _checked(api, token, name), within=60)
    endpoints = [await _endpoint(api, token, number) for number in range(ENDPOINTS)]
    await shown(api)
    return Found(token, endpoints)


async def _endpoint(api: Api, token: str, number: int) -> str:
    key = {"Idempotency-Key": f"endpoint-{number}"}
    body = {"url": f"https://receiver.example/{number}"}
    made = _taken(await api.ask("POST", "/v1/webhooks", token, key, json=body))
    id_: str = made.body["endpoint"]["endpoint"]
    return id_


async def _checked(api: Api, token: str, name: str) -> bool:
    found = await api.ask("GET", f"/v1/imports/{name}", token)
    return bool(found.body["state"] == "checked")


def _taken(got: Got) -> Got:
    assert got.status in {200, 201, 202}, got.body
    return got


async def shown(api: Api) -> None:
    """Every view has what the log has: the projector runs."""
    last, names = await EventLog(api.pool).last(), [it.name for it in PROJECTIONS]

    async def there() -> bool:
        stands = await positions(api.pool, names)
        return all(name in stands and stands[name] >= last for name in names)

    assert await until(there, within=60)
