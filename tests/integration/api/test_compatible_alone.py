"""The LearnWorlds-compatible face where nobody carries commands out, or too much is asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from services.api.compatible import enrollment
from services.api.web import crowd
from tests.integration.api.conftest import serving
from tests.integration.api.learnworlds import LearnWorlds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest


BURST = 5


@pytest_asyncio.fixture
async def client(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> AsyncIterator[LearnWorlds]:
    bound = {"api_per_second": 0.01, "api_burst": BURST}
    async with (
        serving(embedded_kafka, database_url, topic_prefix, **bound) as api,
    ):
        yield LearnWorlds(api, await api.token(), api.school)


async def test_too_many_requests_are_told_in_their_words(client: LearnWorlds) -> None:
    for _ in range(BURST):
        assert (await client.contents("biology-1")).status == 200
    got = await client.contents("biology-1")
    assert (got.status, got.body["error"]) == (429, "Too many requests")
    assert int(got.headers["Retry-After"]) > 0
    assert got.headers["RateLimit"].startswith('"token";r=0;')


async def test_a_crowd_is_told_in_their_words_too(
    client: LearnWorlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "REQUESTS", 0)
    got = await client.contents("biology-1")
    assert (got.status, got.body["code"], got.body.keys()) == (503, "busy", {"error", "code"})
    assert got.headers["Retry-After"] == "1"
    ours = await client.api.ask("GET", "/v1/me", client.token)
    assert ours.headers["Content-Type"] == "application/problem+json"


async def test_what_is_not_carried_out_yet_says_so(
    client: LearnWorlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = await client.complete("u-1204", "biology-1")
    assert taken.body["async"] is True
    job = (await client.ask("GET", f"/jobs/{taken.body['job_id']}")).body
    assert (job["async"], job["status"]) == (True, "pending")

    monkeypatch.setattr(enrollment, "WAIT_SECONDS", 1)
    enrolled = await client.enroll("u-1204", "biology-1")
    assert (enrolled.status, enrolled.body["code"]) == (503, "not_yet")
    assert "/admin/api/v2/jobs/" in enrolled.body["error"]
    assert enrolled.headers["Retry-After"] == "2"

    unbuilt = await client.progress("u-1204", "biology-1")
    assert (unbuilt.status, unbuilt.body["code"]) == (503, "not_ready")
    assert unbuilt.headers["Retry-After"] == "60"
