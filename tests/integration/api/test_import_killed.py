"""``coursemark run operations``, killed -9 while it sends a file that came over HTTP (A3, B8)."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from contracts.events import CourseCompleted
from contracts.registry import name_of
from services.runtime.embedded.waiting import until
from tests.integration.api.acting import EVERY, ended
from tests.integration.api.conftest import serving
from tests.support.command_line import process
from tests.support.importing import as_csv

if TYPE_CHECKING:
    import asyncio

    from tests.integration.api.conftest import Api

NEW = 2_100
"""They are written into the directory in two steps, and imported in three parts."""
FILE = as_csv(
    [["email", "course"], *([f"new-{number}@a.example", "biology-1"] for number in range(NEW))]
)
ASKED = "?complete=true&enroll=true&create_users=true"
COMPLETED = "select count(*), count(distinct originator_id) from stored_events where topic = $1"
AIMS = (
    "select count(*) > 4 from users where school = $1 and email like 'new-%'",
    "select count(*) > 2000 from users where school = $1 and email like 'new-%'",
    "select count(*) > 0 from operation_parts where school = $1",
)
"""When it is killed: among the users of a file, after them, among the parts of its operation."""


@pytest.mark.slow
async def test_b8_a_file_that_is_killed_while_it_is_sent_is_imported_once(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> None:
    parts = "command-worker", "reference-data"
    async with serving(embedded_kafka, database_url, topic_prefix, *parts) as api:
        token = await api.token(scopes=EVERY)
        key = {"Idempotency-Key": "f-1"}
        sent = await api.ask("POST", f"/v1/imports{ASKED}", token, key, data=FILE)
        assert sent.status == 202, sent.body
        first = await _operations(embedded_kafka, database_url, topic_prefix)
        assert await until(lambda: _checked(api, token), within=60)
        run = {"Idempotency-Key": "o-1"}
        asked = {"send_completion_email": False}
        ran = await api.ask("POST", "/v1/imports/f-1/run", token, run, json=asked)
        assert ran.status == 202, ran.body
        running = first
        for aim in AIMS:
            assert await until(lambda aim=aim: api.pool.fetchval(aim, api.school), within=60)
            running.send_signal(signal.SIGKILL)
            await running.communicate()
            running = await _operations(embedded_kafka, database_url, topic_prefix)
        report = await ended(api, "o-1", token)
        running.send_signal(signal.SIGTERM)
        await running.communicate()
        assert (report["state"], report["done"], report["failed"]) == ("completed", NEW, {})
        completed = await api.pool.fetchrow(COMPLETED, name_of(CourseCompleted))
        assert tuple(completed) == (NEW, NEW)
        people = "select count(*) from users where school = $1 and email like 'new-%'"
        assert await api.pool.fetchval(people, api.school) == NEW
        [told] = (await api.ask("GET", "/v1/imports/f-1", token)).body["runs"]
        assert (told["state"], told["users"]) == ("sent", NEW)


async def _operations(kafka: str, database: str, prefix: str) -> asyncio.subprocess.Process:
    chosen = {"COURSEMARK_TOPIC_PREFIX": prefix, "COURSEMARK_KAFKA_IDEMPOTENCE": "off"}
    words = "--database", database, "--kafka", kafka
    return await process("run", "operations", *words, **chosen)


async def _checked(api: Api, token: str) -> bool:
    found = await api.ask("GET", "/v1/imports/f-1", token)
    assert found.body["state"] != "refused", found.body
    return bool(found.body["state"] == "checked")
