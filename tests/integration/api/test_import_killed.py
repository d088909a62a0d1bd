"""``coursemark run operations``, killed -9 while it sends a file that came over HTTP (A3, B8)."""

from __future__ import annotations

import signal
from contextlib import asynccontextmanager
from functools import partial
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
    from collections.abc import AsyncIterator, Awaitable, Callable

    import asyncpg

    from tests.integration.api.conftest import Api

NEW = 2_100
"""They are written into the directory in two steps, and imported in three parts."""
FILE = as_csv(
    [["email", "course"], *([f"new-{number}@a.example", "biology-1"] for number in range(NEW))]
)
ASKED = "?complete=true&enroll=true&create_users=true"
COMPLETED = "select count(*), count(distinct originator_id) from stored_events where topic = $1"
PEOPLE = "select count(*) from users where school = $1 and email like 'new-%'"
PARTS = "select count(*) from operation_parts where school = $1"
HELD = 7
WAITING = f"from pg_locks where locktype = 'advisory' and objid = {HELD} and not granted"
STAGES = (
    (
        "users",
        "(select count(*) from users where email like 'new-%') >= 1000",
        PEOPLE,
        range(2_000),
    ),
    ("users", "(select count(*) from users where email like 'new-%') >= 2000", PEOPLE, [2_000]),
    ("operation_parts", "new.part = 2", PARTS, range(3)),
)
"""When it is killed: while a row of a table waits to be written, and how many are there then.

Among the first users of a file, among the others, among the parts of its operation.
"""


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
        run = partial(_operations, embedded_kafka, database_url, topic_prefix)
        running = await run()
        assert await until(lambda: _checked(api, token), within=60)
        for stage, (table, row, count, written) in enumerate(STAGES):
            async with _held(api.pool, table, row) as there:
                if not stage:
                    await _asked_for(api, token)
                assert await until(there, within=60)
                assert await api.pool.fetchval(count, api.school) in written
                running.send_signal(signal.SIGKILL)
                await running.communicate()
            running = await run()
        report = await ended(api, "o-1", token)
        running.send_signal(signal.SIGTERM)
        await running.communicate()
        assert (report["state"], report["done"], report["failed"]) == ("completed", NEW, {})
        completed = await api.pool.fetchrow(COMPLETED, name_of(CourseCompleted))
        assert tuple(completed) == (NEW, NEW)
        assert await api.pool.fetchval(PEOPLE, api.school) == NEW
        [told] = (await api.ask("GET", "/v1/imports/f-1", token)).body["runs"]
        assert (told["state"], told["users"]) == ("sent", NEW)


async def _asked_for(api: Api, token: str) -> None:
    key, asked = {"Idempotency-Key": "o-1"}, {"send_completion_email": False}
    ran = await api.ask("POST", "/v1/imports/f-1/run", token, key, json=asked)
    assert ran.status == 202, ran.body


@asynccontextmanager
async def _held(
    pool: asyncpg.Pool, table: str, row: str
) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Whoever inserts the row waits for the end of the block; tells whether somebody does."""
    async with pool.acquire() as ours:
        await ours.execute(f"""
            select pg_advisory_lock({HELD});
            create or replace function held() returns trigger language plpgsql as $$
            begin
                if {row} then perform pg_advisory_xact_lock({HELD}); end if;
                return new;
            end $$;
            create trigger held before insert on {table} for each row execute function held()
        """)
        yield lambda: ours.fetchval(f"select count(*) > 0 {WAITING}")
        await ours.execute(f"select pg_advisory_unlock({HELD})")
        await ours.execute(f"drop trigger held on {table}")


async def _operations(kafka: str, database: str, prefix: str) -> asyncio.subprocess.Process:
    chosen = {"COURSEMARK_TOPIC_PREFIX": prefix, "COURSEMARK_KAFKA_IDEMPOTENCE": "off"}
    words = "--database", database, "--kafka", kafka
    return await process("run", "operations", *words, **chosen)


async def _checked(api: Api, token: str) -> bool:
    found = await api.ask("GET", "/v1/imports/f-1", token)
    assert found.body["state"] != "refused", found.body
    return bool(found.body["state"] == "checked")
