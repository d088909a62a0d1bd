"""Bad requests over real HTTP: each is told with a code, and nothing is sent on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from services.api.web.bodies import LARGEST
from tests.integration.api.conftest import serving

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api

BODIES = (
    (b"", 400, "not_json"),
    (b"{", 400, "not_json"),
    (b"\xff", 400, "not_utf8"),
    (b"[]", 400, "wrong_shape"),
    (b"[" * 100_000, 400, "not_json"),
    (b"{}", 400, "invalid_command"),
    (b'{"learner": 5, "course": "c"}', 400, "invalid_command"),
    (b'{"learner": "a/b", "course": "c"}', 400, "invalid_command"),
    (b'{"learner": "u-1", "course": "c", "effective_at": "yesterday"}', 400, "invalid_command"),
    (b'{"learner": "u-1", "course": "c", "effective_at": 1e999}', 400, "invalid_command"),
    (b'{"learner": "u-1", "course": "\\ud800"}', 400, "not_json"),
    (b'{"a": "' + b"x" * LARGEST + b'"}', 413, "too_large"),
)


async def test_b2_bad_bodies_are_told_with_a_code(api: Api) -> None:
    token = await api.token()
    for body, status, code in BODIES:
        got = await api.ask(
            "POST", "/v1/commands/enroll-learner", token, {"Idempotency-Key": "k"}, data=body
        )
        assert (body[:60], got.status, got.code) == (body[:60], status, code)
    wrong = await api.command("enroll-learner", token, "k", {"learner": 5})
    assert wrong.body["problems"] == [
        {"field": "learner", "problem": "has to be a string"},
        {"field": "course", "problem": "is missing; send it"},
    ]
    packed = {"Idempotency-Key": "k", "Content-Encoding": "gzip"}
    got = await api.ask("POST", "/v1/commands/enroll-learner", token, packed, data=b"x")
    assert (got.status, got.code) == (415, "unsupported_encoding")


@pytest.mark.parametrize(
    "key", ["", '""', '"a', 'a"b', "a b", '"ü"', '"' + "x" * 129 + '"', '"\\x"']
)
async def test_a_key_that_is_none_is_refused(api: Api, key: str) -> None:
    token, body = await api.token(), {"learner": "u-1", "course": "c"}
    got = await api.ask(
        "POST", "/v1/commands/enroll-learner", token, {"Idempotency-Key": key}, json=body
    )
    assert (got.status, got.code) == (400, "invalid_request")


async def test_a_key_is_required(api: Api) -> None:
    token, body = await api.token(), {"learner": "u-1", "course": "c"}
    got = await api.ask("POST", "/v1/commands/enroll-learner", token, json=body)
    assert (got.status, got.code) == (400, "idempotency_key_required")


async def test_unknown_commands_are_not_found(api: Api) -> None:
    token = await api.token()
    for name in ("evaluate-course", "mark_complete", "nothing", "mark-complete/", "%2e%2e"):
        got = await api.command(name, token, "k", {})
        assert (name, got.status) == (name, 404)
    assert (await api.ask("GET", "/v1/commands/mark-complete", token)).code == "method_not_allowed"


async def test_a_token_that_asks_too_often_is_told_how_long_to_wait(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> None:
    bound = {"api_burst": 2, "api_per_second": 0.001}
    async with serving(embedded_kafka, database_url, topic_prefix, **bound) as api:
        token, other = await api.token(), await api.token()
        asked = [await api.ask("GET", "/v1/me", token) for _ in range(4)]
        assert [it.status for it in asked] == [200, 200, 429, 429]
        assert {it.headers["RateLimit-Policy"] for it in asked} == {'"token";q=2;w=2000'}
        assert [it.headers["RateLimit"].split(";")[1] for it in asked] == ["r=1", *3 * ["r=0"]]
        assert asked[2].code == "too_many_requests"
        assert 900 < int(asked[3].headers["Retry-After"]) <= 1_000
        assert (await api.ask("GET", "/v1/me", other)).status == 200


async def test_a_body_that_never_comes_ends_the_request(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.http.bodies.BODY_SECONDS", 0.2)
    token = await api.token()
    reader, writer = await _connected(api)
    writer.write(
        b"POST /v1/commands/enroll-learner HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n"
        b"Idempotency-Key: k\r\nAuthorization: Bearer " + token.encode() + b"\r\n\r\n{"
    )
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), 30)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")


async def test_a_head_that_never_comes_ends_the_connection(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runtime.punctual.HEAD_SECONDS", 0.2)
    whole = b"GET /v1/me HTTP/1.1\r\nHost: a\r\n\r\n"
    for sent in (b"", b"GET /v1/me HTTP/1.1\r\nHost:", whole + b"GET /"):
        reader, writer = await _connected(api)
        writer.write(sent)
        answer = await asyncio.wait_for(reader.read(), 30)  # to its end
        assert answer.count(b"HTTP/1.1 401 ") == sent.count(whole)
        writer.close()


async def test_a_thousand_idle_connections_hold_nobody_up(api: Api) -> None:
    token = await api.token()
    idle = [await _connected(api) for _ in range(1_000)]
    assert (await api.ask("GET", "/v1/me", token)).status == 200
    for _, writer in idle:
        writer.close()


async def _connected(api: Api) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    where = urlsplit(api.where)
    return await asyncio.open_connection(where.hostname, where.port)


async def test_an_address_that_is_the_documents_says_its_method(api: Api) -> None:
    got = await api.ask("POST", "/v1/openapi.json")
    assert (got.status, {*got.headers["Allow"].split(", ")}) == (405, {"GET", "HEAD"})
