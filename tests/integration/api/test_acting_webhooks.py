"""B11: webhooks' endpoints over HTTP, with the dispatcher that delivers (A1, A3)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest_asyncio

from services.runtime.embedded.waiting import until
from services.webhooks.endpoints import Endpoints
from services.webhooks.signing import read_secret
from tests.integration.api.acting import EVERY, acting
from tests.integration.api.conftest import without_address
from tests.support.pages import next_of
from tests.support.receivers import receiver, says, status

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.runtime.embedded import EmbeddedPostgres
    from tests.integration.api.conftest import Api, Got

OF = {"learner": "u-1204", "course": "biology-1"}
MARK = OF | {"activities": ["welcome"], "send_completion_email": False}


@pytest_asyncio.fixture(scope="module")
async def api(embedded_kafka: str, postgres: EmbeddedPostgres) -> AsyncIterator[Api]:
    parts = "publisher", "webhook-dispatcher"
    async with acting(embedded_kafka, postgres, *parts) as made:
        await Endpoints(made.pool).allow_private(made.school, allowed=True)
        yield made


async def made(api: Api, token: str, key: str, url: str, **more: Any) -> Got:
    headers = {"Idempotency-Key": key}
    return await api.ask("POST", "/v1/webhooks", token, headers, json={"url": url} | more)


async def asked(api: Api, token: str, what: str, body: Any = None, wait: int = 0) -> Got:
    headers = {"Prefer": f"wait={wait}"} if wait else {}
    return await api.ask("POST", f"/v1/webhooks/{what}", token, headers, json=body)


async def test_b11_an_endpoint_is_made_tried_told_and_removed(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    async with receiver() as there:
        new = await made(api, token, "k-1", there.url, triggers=["activity_completed"])
        assert new.status == 201, new.body
        id_ = new.body["endpoint"]["endpoint"]
        assert new.headers["Location"] == f"/v1/webhooks/{id_}"
        assert len(read_secret(new.body["secret"])) == 32
        assert new.body["secret"] not in str(
            (await api.ask("GET", f"/v1/webhooks/{id_}", token)).body
        )

        tried = await asked(api, token, f"{id_}/test", wait=30)
        assert (tried.status, tried.body["attempt"]["status"]) == (202, 204)
        for name, body in (("enroll-learner", OF), ("mark-complete", MARK)):
            assert (await api.command(name, token, f"w-{name}", body, wait=30)).status == 200

        async def told() -> bool:
            return len(there.seen) == 2

        assert await until(told, within=60)

        async def delivered() -> bool:
            got = await api.ask("GET", f"/v1/webhooks/{id_}/deliveries?state=delivered", token)
            return len(got.body["deliveries"]) == 2

        assert await until(delivered, within=30)
        first = await api.ask("GET", f"/v1/webhooks/{id_}/deliveries?limit=1", token)
        [newest] = first.body["deliveries"]
        assert (newest["trigger"], newest["learner"]) == ("activity_completed", "u-1204")
        link = next_of(first.headers)
        assert link is not None
        [older] = (await api.ask("GET", link, token)).body["deliveries"]
        assert older["message"] == tried.body["message"]
        path = f"/v1/webhooks/{id_}/attempts?message={newest['message'].replace('/', '%2F')}"
        [attempt] = (await api.ask("GET", path, token)).body["attempts"]
        assert (attempt["status"], "code" in attempt) == (204, False)

        found = (await api.ask("GET", "/v1/sent?command=w-mark-complete", token)).body["sent"]
        [sent] = [it for it in found if it["whom"] == there.url]  # others have endpoints too
        assert (sent["way"], sent["number"]) == ("webhook", 1)

        again = await asked(api, token, f"{id_}/resend", {"message": newest["message"]})
        assert again.body == {"messages": 1}

        async def once_more() -> bool:
            return there.ids.count(newest["message"]) == 2

        assert await until(once_more, within=30)
    counts = (await api.ask("GET", f"/v1/webhooks/{id_}", token)).body["messages"]
    assert sum(counts.values()) == 2
    assert (await api.ask("DELETE", f"/v1/webhooks/{id_}", token)).status == 204
    assert (await api.ask("GET", f"/v1/webhooks/{id_}", token)).code == "unknown_endpoint"


async def test_b11_a_secret_rotates_and_what_is_wrong_is_told(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    async with receiver(says(status(500))) as broken:
        id_ = (await made(api, token, "k-2", broken.url)).body["endpoint"]["endpoint"]
        tried = await asked(api, token, f"{id_}/test", wait=30)
        assert (tried.body["attempt"]["status"], "code" in tried.body["attempt"]) == (500, True)
    held = await asked(api, token, f"{id_}/disable")
    assert held.body == {"messages": 1}
    assert (await asked(api, token, f"{id_}/test")).code == "endpoint_disabled"
    assert (await asked(api, token, f"{id_}/resend", {"failed": True})).code == "endpoint_disabled"
    changed = await api.ask(
        "PUT", f"/v1/webhooks/{id_}", token, json={"url": broken.url, "completions": "manual"}
    )
    told = {name: changed.body[name] for name in ("completions", "state", "cause")}
    assert told == {"completions": "manual", "state": "disabled", "cause": "administrator"}
    assert (await asked(api, token, f"{id_}/enable?leave_parked=true")).body == {"messages": 0}
    own = "whsec_" + "c2Vjc" * 8
    rotated = await asked(api, token, f"{id_}/rotate", {"overlap_hours": 1, "secret": own})
    assert (rotated.status, rotated.body["secret"]) == (200, own)
    assert (await asked(api, token, f"{id_}/rotate", {"secret": "short"})).code == "secret_wrong"
    for body in (
        {},
        {"message": "m", "failed": True},
        {"failed": True, "since": "now"},
        {"failed": True, "delivered": True},
        {"message": "m", "delivered": True},
        {"message": "a\x00"},
    ):
        got = await asked(api, token, f"{id_}/resend", body)
        assert (body, got.status, got.code) == (body, 400, "invalid_request")


async def test_b1_the_same_key_makes_one_endpoint(api: Api) -> None:
    token, url = await api.token(scopes=EVERY), "https://crm.example/hook"
    both = await asyncio.gather(*(made(api, token, "k-3", url) for _ in range(2)))
    assert [it.status for it in both] == [201, 201]
    assert both[0].body["endpoint"] == both[1].body["endpoint"]
    assert sum("secret" in it.body for it in both) == 1
    other = await made(api, token, "k-3", url, ordered=True)
    assert (other.status, other.code) == (422, "command_id_reused")


async def test_b11_bad_endpoints_are_refused(api: Api) -> None:
    token = await api.token(api.other, scopes=EVERY)
    for url in (
        "http://crm.example/hook",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://user:secret@crm.example/",
        "https://crm.example:22/",
        "ftp://crm.example/",
        "https://crm.example/\r\nX-Y: z",
        "no url",
    ):
        got = await made(api, token, "k-4", url)
        assert (url, got.status, got.code) == (url, 400, "url_refused")
    for more in (
        {"triggers": ["everything"]},
        {"triggers": []},
        {"concurrency": 0},
        {"rate": -1},
        {"courses": ["a/b"]},
        {"secret": 5},
        {"description": "\x00"},
    ):
        got = await made(api, token, "k-4", "https://crm.example/", **more)
        assert (more, got.status, got.code) == (more, 400, "invalid_request")
    assert (await api.ask("GET", "/v1/webhooks", token)).body == {"endpoints": []}
    other = await api.ask("PATCH", "/v1/webhooks/ep_none", token)
    assert (other.status, other.headers["Allow"]) == (405, "DELETE, GET, PUT")
    without = await api.ask("POST", "/v1/webhooks", token, json={"url": "https://crm.example/"})
    assert without.code == "idempotency_key_required"


async def test_a1_a3_administrators_of_the_school_alone(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    new = await made(api, token, "k-5", "https://crm.example/hook")
    id_ = new.body["endpoint"]["endpoint"]
    foreign = await api.token(api.other, scopes=EVERY)
    instructor = await api.token(actor="instructor", scopes=EVERY)
    for method, what, body in (
        ("GET", "", None),
        ("PUT", "", {"url": "https://crm.example/"}),
        ("DELETE", "", None),
        ("POST", "/disable", None),
        ("POST", "/enable", None),
        ("POST", "/rotate", {}),
        ("POST", "/test", None),
        ("POST", "/resend", {"failed": True}),
        ("GET", "/deliveries", None),
        ("GET", "/attempts?message=m", None),
    ):
        theirs = await api.ask(method, f"/v1/webhooks/{id_}{what}", foreign, json=body)
        nowhere = await api.ask(method, f"/v1/webhooks/ep_none{what}", foreign, json=body)
        assert (method, what, theirs.status) == (method, what, 404)
        assert without_address(theirs) == without_address(nowhere)
        refused = await api.ask(method, f"/v1/webhooks/{id_}{what}", instructor, json=body)
        assert (what, refused.status, refused.code) == (what, 403, "not_permitted")
    assert (await made(api, instructor, "k-6", "https://crm.example/")).code == "not_permitted"
    assert (await api.ask("GET", "/v1/webhooks", instructor)).code == "not_permitted"
