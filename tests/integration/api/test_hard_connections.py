"""Slow bodies, slow readers and idle connections over real HTTP: each has an end, nobody waits."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import psutil

from services.runtime.embedded.waiting import until
from tests.integration.api.test_commands import OF
from tests.support.wire import connected, request, unreading

if TYPE_CHECKING:
    import pytest

    from tests.integration.api.conftest import Api

ENROL = b"/v1/commands/enroll-learner"
DOCUMENT = request("GET", b"/v1/openapi.json")
SHORT = 0.3
"""Seconds, in place of the bounds as they are."""
READERS = 30
MIB = 2**20


async def _answers_others(api: Api) -> None:
    token = await api.token()
    assert (await api.ask("GET", "/v1/me", token)).status == 200


async def test_a_body_that_trickles_ends_the_request_and_the_connection(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.http.bodies.BODY_SECONDS", SHORT)
    monkeypatch.setattr("services.runtime.punctual.HEAD_SECONDS", SHORT)
    token = await api.token()
    head = request("POST", ENROL, token, b"Idempotency-Key: k", b"Content-Length: 1000000")
    assert (await _trickled(api, head)).startswith(b"HTTP/1.1 408 ")
    nobody = request("POST", ENROL, None, b"Content-Length: 1000000")
    assert (await _trickled(api, nobody)).startswith(b"HTTP/1.1 401 ")
    chunked = request("POST", ENROL, token, b"Idempotency-Key: k", b"Transfer-Encoding: chunked")
    assert (await _trickled(api, chunked, b"1\r\n{\r\n")).startswith(b"HTTP/1.1 408 ")
    await _answers_others(api)


async def _trickled(api: Api, head: bytes, piece: bytes = b"{") -> bytes:
    """What comes back until the connection is ended; a piece of the body is sent all the while."""
    async with connected(api.where) as (reader, writer):
        writer.write(head)
        reading = asyncio.create_task(reader.read(-1))

        async def ended() -> bool:
            if not writer.is_closing():
                writer.write(piece)
            return reading.done()

        assert await until(ended, within=30, every=SHORT / 4)
        return await reading


async def test_an_answer_that_is_not_read_is_given_up_and_holds_nobody_up(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runtime.punctual.READ_SECONDS", 2.0)
    before = most = psutil.Process().memory_info().rss
    async with AsyncExitStack() as stack:
        slow = [stack.enter_context(unreading(api.where, 50 * DOCUMENT)) for _ in range(READERS)]
        ports = {client.getsockname()[1] for client in slow}

        async def all_there() -> bool:
            return _held(ports) == READERS

        assert await until(all_there, within=30)
        await _answers_others(api)

        async def given_up() -> bool:
            nonlocal most
            most = max(most, psutil.Process().memory_info().rss)
            return _held(ports) == 0

        assert await until(given_up, within=30)
        await _answers_others(api)
    assert most - before < 100 * MIB


def _held(ports: set[int]) -> int:
    """How many connections the server, which is this process too, holds to these ports."""
    connections = psutil.Process().net_connections("tcp")
    return sum(bool(it.raddr) and it.raddr.port in ports for it in connections)


async def test_a_thousand_idle_connections_are_closed_in_the_end(
    api: Api,
) -> None:
    async with AsyncExitStack() as stack:
        idle = [await stack.enter_async_context(connected(api.where)) for _ in range(1_000)]
        token = await api.token()
        taken = await api.command("enroll-learner", token, "idle", OF, wait=30)
        assert taken.status == 200
        assert not any(reader.at_eof() for reader, _ in idle)
        async with asyncio.timeout(30):
            assert {await reader.read(1) for reader, _ in idle} == {b""}
        await _answers_others(api)
