"""A school with something in it for every id of ``tests/access/lines.py``, and one without."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from contracts.topics import program_stream
from services.store.log import EventLog
from tests.access.lines import ENDPOINT, FILE, IDS, OURS, SCHEDULE, SEARCH
from tests.api_proof.asking import PARTS, UNBOUND
from tests.api_proof.school import OF, settled, shown
from tests.integration.api.conftest import STRUCTURE, serving
from tests.support.appended import Appender
from tests.support.programs import program, published

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.integration.api.conftest import Api

RESET = {**OF, "activities": "whole_course"}
"""So that there is an earlier attempt."""
ID = IDS["import_id"]


@asynccontextmanager
async def world(kafka: str, database_url: str, prefix: str) -> AsyncIterator[tuple[Api, str]]:
    """The API with the parts behind it; the first school has what the ids name; its endpoint."""
    async with serving(kafka, database_url, prefix, *PARTS, **UNBOUND) as api:
        token = await settled(api)
        done = await api.command("reset-progress", token, "reset-1", RESET, wait=30)
        assert done.status == 200, done.body
        await _catalogue(api)
        sent = await api.ask("POST", "/v1/imports", token, {"Idempotency-Key": ID}, data=FILE)
        assert sent.status == 202, sent.body
        url = f"/v1/schedules/{IDS['schedule']}"
        planned = await api.ask("PUT", url, token, json=SCHEDULE)
        assert planned.status == 200, planned.body
        saved = await api.ask("PUT", f"/v1/searches/{IDS['name']}", token, json=SEARCH)
        assert saved.status == 200, saved.body
        key = {"Idempotency-Key": "endpoint-1"}
        made = await api.ask("POST", "/v1/webhooks", token, key, json=ENDPOINT)
        assert made.status == 201, made.body
        await shown(api)
        yield api, made.body["endpoint"]["endpoint"]


async def _catalogue(api: Api) -> None:
    """A course and a learning programme that the other school does not have."""
    appender = Appender(EventLog(api.pool))
    await appender.published(STRUCTURE, api.school, OURS["course"])
    made = program(OURS["course"], school=api.school, program=IDS["program"])
    await appender.append([(program_stream(api.school, made.program), published(made))])
