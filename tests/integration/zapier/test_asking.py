"""What Zapier's platform asks for over HTTP, and what everybody else is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.store.tokens import MARK, Tokens
from services.webhooks.endpoints import MOST, Wanted
from services.zapier.recent import TYPES
from tests.integration.zapier.conftest import serving

if TYPE_CHECKING:
    from tests.integration.zapier.conftest import Side

URL = "https://hooks.zapier.com/hooks/standard/1/abc/"
HOOK = {"target_url": URL, "trigger": "course_completed"}
EVERYWHERE = [
    ("GET", "/zapier/me"),
    ("POST", "/zapier/hooks"),
    ("DELETE", "/zapier/hooks/ep_1"),
    ("GET", "/zapier/samples/course_completed"),
    ("GET", "/zapier/triggers/course_completed"),
]


async def test_a_token_says_whose_it_is_until_it_ends(side: Side) -> None:
    token, now = await side.token(), datetime.now(UTC)
    assert token.startswith(MARK)
    status, me = await side.ask("GET", "/zapier/me", token)
    assert (status, me["school"], me["name"]) == (200, "riverside", "zapier")
    [listed] = await Tokens(side.pool).of_school("riverside")
    assert listed.last_used_at is not None
    stored = await side.pool.fetchval("select string_agg(api_tokens::text, '') from api_tokens")
    assert token not in stored
    assert token.removeprefix(MARK) not in stored
    assert not await Tokens(side.pool).revoke("lakeside", listed.id, now)  # another school's
    assert (await side.ask("GET", "/zapier/me", token))[0] == 200
    assert await Tokens(side.pool).revoke("riverside", listed.id, now)
    assert (await side.ask("GET", "/zapier/me", token))[0] == 401


async def test_without_a_valid_token_nothing_is_told_apart(side: Side) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    expired = await side.token(expires_at=past)
    other = await side.token(scopes=[])
    for method, path in EVERYWHERE:
        for token in (None, "cm_wrong", "", expired, "x" * 5_000):
            status, problem = await side.ask(method, path, token)
            assert (status, problem["code"]) == (401, "unauthorized"), (method, path)
        status, problem = await side.ask(method, path, other)
        assert (status, problem["code"]) == (403, "not_permitted")


async def test_a_hook_is_made_once_and_ends_once(side: Side) -> None:
    token = await side.token()
    status, made = await side.ask("POST", "/zapier/hooks", token, json=HOOK)
    assert status == 201
    assert await side.ask("POST", "/zapier/hooks", token, json=HOOK) == (200, made)
    [endpoint] = await side.endpoints.list("riverside", "zapier")
    assert (endpoint.endpoint, endpoint.url, endpoint.rate) == (made["id"], URL, 30.0)
    assert endpoint.triggers == ["course_completed"]
    other = HOOK | {"trigger": "enrolled"}
    assert (await side.ask("POST", "/zapier/hooks", token, json=other))[0] == 201
    gone = f"/zapier/hooks/{made['id']}"
    assert (await side.ask("DELETE", gone, token))[0] == 200
    assert (await side.ask("DELETE", gone, token))[0] == 404
    assert len(await side.endpoints.list("riverside", "zapier")) == 1


async def test_a3_another_schools_hook_is_as_if_it_were_not_there(side: Side) -> None:
    ours, theirs = await side.token(), await side.token("lakeside")
    _, made = await side.ask("POST", "/zapier/hooks", ours, json=HOOK)
    webhook = await side.endpoints.create(
        "lakeside", Wanted(url="https://example.org/"), datetime.now(UTC)
    )
    answers = [
        await side.ask("DELETE", f"/zapier/hooks/{id_}", theirs)
        for id_ in (made["id"], "ep_none", webhook.endpoint, "x" * 3_000)
    ]
    for _, problem in answers:
        del problem["instance"]  # the address, as it was asked
    assert answers == [answers[0]] * 4
    assert answers[0][0] == 404
    assert len(await side.endpoints.list("riverside")) == 1
    assert len(await side.endpoints.list("lakeside")) == 1


async def test_hooks_lead_to_zapier_alone(side: Side) -> None:
    token = await side.token()
    for url in (
        *("http://hooks.zapier.com/a", "https://example.org/a", "https://127.0.0.1/a", "nothing"),
        *("https://hooks.zapier.com.evil.test/a", "https://evil.test/hooks.zapier.com"),
        *("https://hooks.zapier.com@evil.test/", "https://hooks.zapier.com:8443/a"),
        *("https://hooks.zapier.com\\@evil.test/", "https://evilhooks.zapier.com/"),
    ):
        wanted = HOOK | {"target_url": url}
        status, problem = await side.ask("POST", "/zapier/hooks", token, json=wanted)
        assert (url, status, problem["code"]) == (url, 400, "url_refused")
    assert await side.endpoints.list("riverside") == []


BAD_BODIES = (
    (b"", 400, "not_json"),
    (b"{", 400, "not_json"),
    (b"\xff", 400, "not_utf8"),
    (b"[]", 400, "wrong_shape"),
    (b"{}", 400, "invalid_request"),
    (b'{"target_url": 5, "trigger": "enrolled"}', 400, "invalid_request"),
    (b'{"target_url": "https://hooks.zapier.com/", "trigger": "x"}', 400, "invalid_request"),
    (b'{"target_url": "https://hooks.zapier.com/", "trigger": "test"}', 400, "invalid_request"),
    (b'{"a": "' + b"x" * 20_000 + b'"}', 413, "too_large"),
    (b"[" * 15_000, 400, "not_json"),
)


async def test_b2_bad_bodies_are_told_with_a_code(side: Side) -> None:
    token = await side.token()
    for body, status, code in BAD_BODIES:
        got = await side.ask("POST", "/zapier/hooks", token, data=body)
        assert (body[:20], got[0], got[1]["code"]) == (body[:20], status, code)
        assert got[1]["status"] == status


async def test_b2_unknown_addresses_triggers_methods_and_pages(side: Side) -> None:
    token = await side.token()
    wanted: list[tuple[str, str, int, str]] = [
        ("GET", "/nothing", 404, "not_found"),
        ("PUT", "/zapier/me", 405, "method_not_allowed"),
        ("GET", "/zapier/samples/nothing", 404, "unknown_trigger"),
        ("GET", "/zapier/triggers/test", 404, "unknown_trigger"),
    ]
    pages = "limit=0", "limit=101", "limit=x", "cursor=1", "cursor=a:b", "cursor=-1:0"
    pages += (f"cursor={10**30}:1",)  # type: ignore[assignment]
    wanted += [
        ("GET", f"/zapier/triggers/enrolled?{page}", 400, "invalid_request") for page in pages
    ]
    for method, path, status, code in wanted:
        got = await side.ask(method, path, token)
        assert (path, got[0], got[1]["code"]) == (path, status, code)


async def test_a_sample_is_flat_and_complete_before_anything_happened(side: Side) -> None:
    token = await side.token()
    status, problem = await side.ask("GET", "/zapier/samples/enrolled", token)
    assert (status, problem["code"]) == (503, "not_ready")  # before the projector ever ran
    await side.views()
    for trigger in TYPES:
        status, [zap] = await side.ask("GET", f"/zapier/samples/{trigger}", token)
        assert (status, zap["trigger"], zap["school_id"]) == (200, trigger, "riverside")
        assert not [it for it in zap.values() if isinstance(it, dict | list)]
        assert {"id", "user_id", "user_email"} <= zap.keys()
        assert await side.ask("GET", f"/zapier/triggers/{trigger}", token) == (200, [])


async def test_one_click_ends_emails_and_looking_does_not(database_url: str) -> None:
    async with serving(database_url) as side:
        token: Any = await side.pool.fetchval(
            "insert into mails (mail_id, school, recipient, kind, notice, message_id, next_at,"
            " intended_at, changed_at) values (gen_random_uuid(), 'riverside', 'u-1',"
            " 'endpoint_disabled', '{}', 'm', now(), now(), now()) returning unsubscribe"
        )
        path = f"{side.where}/mail/unsubscribe/{token}"
        count = "select count(*) from mail_suppressions where user_id = 'u-1'"
        async with side.client.get(path) as got:
            assert (got.status, await side.pool.fetchval(count)) == (200, 0)
        for _ in range(2):
            async with side.client.post(path, data={"List-Unsubscribe": "One-Click"}) as got:
                assert (got.status, await side.pool.fetchval(count)) == (200, 1)
        async with side.client.post(path.replace(str(token), str(token)[::-1])) as got:
            assert got.status == 404


async def test_hooks_that_answered_410_make_room_and_a_school_has_so_many(side: Side) -> None:
    token, now = await side.token(), datetime.now(UTC)
    _, lost = await side.ask("POST", "/zapier/hooks", token, json=HOOK)
    await side.endpoints.disable("riverside", lost["id"], now, "gone")
    status, made = await side.ask("POST", "/zapier/hooks", token, json=HOOK)
    assert (status, made["id"] == lost["id"]) == (201, False)
    assert [it.endpoint for it in await side.endpoints.list("riverside")] == [made["id"]]
    for n in range(MOST - 1):
        wanted = Wanted(url=f"{URL}{n}", kind="zapier", triggers=["enrolled"])
        await side.endpoints.create("riverside", wanted, now)
    one_more = HOOK | {"trigger": "enrolled"}
    status, problem = await side.ask("POST", "/zapier/hooks", token, json=one_more)
    assert (status, problem["code"]) == (409, "too_many_endpoints")
    status, again = await side.ask("POST", "/zapier/hooks", token, json=HOOK)
    assert (status, again) == (200, made)  # one that is there needs no room
