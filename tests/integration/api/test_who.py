"""Who may ask: tokens over real HTTP, and what everybody else is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from services.api import documenting
from services.store.tokens import NoActorError, Tokens
from tests.integration.api.conftest import serving, without_address

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api


async def test_a_token_says_whose_it_is_until_it_ends(api: Api) -> None:
    now = datetime.now(UTC)
    token, user = await api.token(), await api.token(actor="user")
    nobody = await api.token(actor=None, scopes=["signals"])
    me = await api.ask("GET", "/v1/me", token)
    assert (me.status, me.body["school"], me.body["actor"]) == (200, api.school, "admin")
    assert (me.body["role_level"], me.headers["Cache-Control"]) == ("admin", "no-store")
    assert (await api.ask("GET", "/v1/me", user)).body["role_level"] == "user"
    assert "actor" not in (await api.ask("GET", "/v1/me", nobody)).body
    assert await Tokens(api.pool).revoke(api.school, me.body["token"], now)
    assert (await api.ask("GET", "/v1/me", token)).status == 401
    with pytest.raises(NoActorError):
        await api.token(actor=None)


async def test_without_a_valid_token_nothing_is_told_apart(api: Api) -> None:
    expired = await api.token(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    told = set()
    for token in (None, "cm_wrong", "", expired, "x" * 5_000, "\xfc"):
        got = await api.ask("GET", "/v1/me", token)
        told.add((got.status, got.code, got.body["detail"], got.headers["WWW-Authenticate"]))
        assert got.headers["Content-Type"] == "application/problem+json"
    for kind in ("Basic cm_wrong", "Bearer", "bearer  x", f"Digest {await api.token()}"):
        got = await api.ask("GET", "/v1/me", headers={"Authorization": kind})
        told.add((got.status, got.code, got.body["detail"], got.headers["WWW-Authenticate"]))
    assert len(told) == 1
    assert next(iter(told))[:2] == (401, "unauthorized")


async def test_a_problem_is_rfc_9457s_for_addresses_and_methods_too(api: Api) -> None:
    for method, path, status, code in (
        ("GET", "/", 404, "not_found"),
        ("GET", "/v1/a%20b%2F%3Cscript%3E", 404, "not_found"),
        ("GET", "/v1/me/", 404, "not_found"),
        ("DELETE", "/v1/me", 405, "method_not_allowed"),
        ("OPTIONS", "/v1/me", 405, "method_not_allowed"),
        ("GET", "/docs", 404, "not_found"),
    ):
        got = await api.ask(method, path, headers={"Origin": "https://evil.test"})
        assert (method, path, got.status, got.code) == (method, path, status, code)
        assert got.headers["Content-Type"] == "application/problem+json"
        assert got.body["instance"] == path
        assert got.body["type"] == f"urn:coursemark:problem:{code}"
        assert {"title", "status", "detail"} <= got.body.keys()
        assert "Access-Control-Allow-Origin" not in got.headers
        assert got.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_document_is_served_to_anybody_and_compressed(api: Api) -> None:
    got = await api.ask("GET", "/v1/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert (got.status, got.headers["Content-Encoding"]) == (200, "gzip")
    assert got.body == json.loads(documenting.text())


async def test_a_fault_of_ours_tells_nothing_of_itself(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> None:
    async with serving(embedded_kafka, database_url, topic_prefix) as api:
        token = await api.token()
        await api.pool.execute("alter table users rename column role_level to something_else")
        got = await api.ask("GET", "/v1/me", token)
        assert (got.status, got.code) == (500, "internal_error")
        assert "role_level" not in str(got.body)
        assert got.headers["X-Content-Type-Options"] == "nosniff"


async def test_a1_a_result_is_for_who_may_read_for_whom_it_is_about_and_for_players(
    api: Api,
) -> None:
    admin, of = await api.token(), {"learner": "u-1204", "course": "biology-1"}
    seen = of | {"activity": "welcome", "signal": {"kind": "visit"}}
    assert (await api.command("enroll-learner", admin, "e-1", of, wait=30)).status == 200
    assert (await api.command("record-activity", admin, "v-1", seen, wait=30)).status == 200
    for actor, scopes, enrolled, visited in (
        ("admin", ["commands"], 200, 200),
        ("reporter", ["read"], 200, 200),
        ("u-1204", ["read"], 200, 200),
        ("u-1205", ["read", "commands"], 404, 404),
        ("seat_manager", ["commands"], 404, 404),
        (None, ["signals"], 404, 200),
        ("user", ["signals"], 404, 200),
    ):
        token = await api.token(actor=actor, scopes=scopes)
        answers = [await api.ask("GET", f"/v1/results/{it}", token) for it in ("e-1", "v-1", "x")]
        assert (actor, [it.status for it in answers]) == (actor, [enrolled, visited, 404])
        if enrolled == 404:
            assert without_address(answers[0]) == without_address(answers[2])
