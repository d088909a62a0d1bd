"""Other origins ask where a setting lists them; limits are told with every answer, by caller."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest_asyncio

from tests.integration.api.conftest import serving
from tests.support.issuing import Key, Provider, providing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.integration.api.conftest import Api

CONSOLE, EVIL = "https://console.school.example", "https://evil.example"
KEY = Key("first")
BURST = 7


@pytest_asyncio.fixture
async def world(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> AsyncIterator[tuple[Api, Provider]]:
    async with providing() as provider:
        provider.shown = [KEY.public()]
        chosen = {
            "api_origins": f"{CONSOLE}, https://other.example",
            "oidc_issuers": json.dumps([provider.setting()]),
            "api_burst": BURST,
            "api_per_second": 0.001,
        }
        async with serving(embedded_kafka, database_url, topic_prefix, **chosen) as api:
            yield api, provider


async def test_listed_origins_may_ask_and_every_answer_says_what_is_left(
    world: tuple[Api, Provider],
) -> None:
    api, provider = world
    await _origins(api)
    token = await api.token(actor="user")
    left = []
    for path, status in (
        ("/v1/me", 200),
        ("/v1/operations", 403),
        ("/v1/operations?limit=x", 400),
        ("/v1/results/none", 404),
        ("/v1/webhooks", 403),
    ):
        got = await api.ask("GET", path, token)
        assert (path, got.status) == (path, status)
        left.append(got.headers["RateLimit"])
    assert left == [f'"token";r={n};t={(BURST - n) * 1_000}' for n in (6, 5, 4, 3, 2)]
    ada, ben = (KEY.signed(provider.claims("admin", api.school, sub=it)) for it in ("a", "b"))
    again = KEY.signed(provider.claims("admin", api.school, sub="a", jti="another token"))
    asked = [await api.ask("GET", "/v1/me", it) for it in [*[ada] * 4, *[again] * 4]]
    assert [it.status for it in asked] == [*BURST * [200], 429]
    assert int(asked[-1].headers["Retry-After"]) > 900
    assert (await api.ask("GET", "/v1/me", ben)).status == 200
    stranger = KEY.signed(provider.claims("nobody", api.school, sub="s"))
    told = [await api.ask("GET", "/v1/me", stranger) for _ in range(BURST + 1)]
    assert [it.status for it in told] == [*BURST * [403], 429]  # no directory is asked for free


async def _origins(api: Api) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "prefer"}
    url = f"{api.where}/v1/commands/mark-complete"
    allowed = await api.client.options(url, headers={"Origin": CONSOLE, **asks})
    assert allowed.status == 200
    assert allowed.headers["Access-Control-Allow-Origin"] == CONSOLE
    assert allowed.headers["Access-Control-Allow-Headers"] == "prefer"
    got = await api.ask("GET", "/v1/me", headers={"Origin": CONSOLE})
    for headers in (allowed.headers, got.headers):
        assert "Access-Control-Allow-Credentials" not in headers
        assert headers["Access-Control-Allow-Origin"] == CONSOLE
    for origin in (EVIL, "null", f"{CONSOLE}.evil.example"):
        refused = await api.client.options(url, headers={"Origin": origin, **asks})
        got = await api.ask("GET", "/v1/me", headers={"Origin": origin})
        assert (refused.status, got.status) == (400, 401)
        assert "Access-Control-Allow-Origin" not in {*refused.headers, *got.headers}
