"""Read-your-writes: a read that sends a command's position sees what the command wrote."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest_asyncio

from services.api.web.position import HEADER, told
from services.store.records import Position
from tests.integration.api.conftest import alone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.runtime.embedded import EmbeddedPostgres
    from tests.integration.api.conftest import Api, Got

OF = {"learner": "u-1204", "course": "biology-1"}
PATH = "/v1/learners/u-1204/courses/biology-1"
TIMES = 30


@pytest_asyncio.fixture(scope="module")
async def api(embedded_kafka: str, postgres: EmbeddedPostgres) -> AsyncIterator[Api]:
    """The API, who carries commands out, and who keeps the views, with one learner enrolled."""
    async with alone(embedded_kafka, postgres, "command-worker", "projector") as made:
        token = await made.token()
        enrolled = await made.command("enroll-learner", token, "e-1", OF, wait=30)
        assert enrolled.status == 200, enrolled.body
        assert (await read(made, token, enrolled.headers[HEADER], wait=30)).status == 200
        yield made


@asynccontextmanager
async def behind(api: Api) -> AsyncIterator[None]:
    """Meanwhile no view moves; they are read as ever."""
    async with api.pool.acquire() as connection, connection.transaction():
        await connection.execute("lock table projection_cursors in exclusive mode")
        yield


async def spend(api: Api, token: str, key: str) -> Got:
    """A minute more in the course."""
    signal = {"kind": "time_spent", "seconds": 60}
    body = OF | {"activity": "welcome", "signal": signal}
    return await api.command("record-activity", token, key, body, wait=30)


async def read(api: Api, token: str, position: str, path: str = PATH, *, wait: int = 0) -> Got:
    headers = {HEADER: position}
    if wait:
        headers["Prefer"] = f"wait={wait}"
    return await api.ask("GET", path, token, headers)


async def test_a_read_right_after_a_write_always_sees_it(api: Api) -> None:
    token = await api.token()
    first = await read(api, token, (await spend(api, token, "s-0")).headers[HEADER])
    before = first.body["time_spent"]
    for number in range(1, TIMES + 1):
        written = await spend(api, token, f"s-{number}")
        position = written.headers[HEADER]
        course, events = await asyncio.gather(
            read(api, token, position),
            read(api, token, position, "/v1/learners/u-1204/events?limit=1"),
        )
        assert course.body["time_spent"] - before == 60 * number
        [event] = events.body["events"]
        assert event["command_id"] == f"s-{number}"


async def test_every_result_says_from_where_on_it_can_be_seen(api: Api) -> None:
    token = await api.token()
    written = await spend(api, token, "r-1")
    stored = await api.ask("GET", "/v1/results/r-1", token)
    assert stored.headers[HEADER] == written.headers[HEADER]
    cached = await api.ask(
        "GET", "/v1/results/r-1", token, {"If-None-Match": stored.headers["ETag"]}
    )
    assert (cached.status, cached.headers[HEADER]) == (304, written.headers[HEADER])
    refused = await api.command("enroll-learner", token, "r-2", OF, wait=30)
    assert (refused.status, refused.code) == (409, "already_enrolled")
    assert (await read(api, token, refused.headers[HEADER])).status == 200


async def test_a_read_waits_until_the_view_has_the_write(api: Api) -> None:
    token = await api.token()
    async with behind(api):
        written = await spend(api, token, "w-1")
        position = written.headers[HEADER]
        waiting = asyncio.create_task(read(api, token, position, wait=30))
        late = await read(api, token, position, wait=1)
        assert (late.status, late.code, late.headers["Retry-After"]) == (503, "not_yet", "1")
        without = await api.ask("GET", PATH, token)
        assert without.status == 200
        assert not waiting.done()
    seen = await waiting
    assert seen.body["time_spent"] == without.body["time_spent"] + 60


async def test_a_forged_position_does_no_harm(api: Api) -> None:
    token, theirs = await api.token(), await api.token(api.other, actor="reporter")
    position = (await spend(api, token, "f-1")).headers[HEADER]
    known = await read(api, theirs, position, "/v1/learners/reporter/courses")
    assert (known.status, known.body) == (200, {"courses": []})
    assert (await read(api, theirs, position)).status == 404
    future = told(Position(2**63 - 1, 2**63 - 1))[HEADER]
    assert (await read(api, token, future, wait=1)).code == "not_yet"
    for text in (
        "",
        "x",
        "é",
        position + "=",
        position + "A",
        "MTI6MzQ" + "\x20x",
        told(Position(-1, 0))[HEADER],
        told(Position(2**63, 0))[HEADER],
        "A" * 61,
    ):
        got = await read(api, token, text)
        assert (text, got.status, got.code) == (text, 400, "invalid_request")
    nobody = await read(api, "cm_wrong", future)
    assert nobody.status == 401
