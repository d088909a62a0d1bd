"""The audit log: who was refused, and who changed what, is on record; no secret is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.api.who import recording
from services.runtime.embedded.waiting import until
from services.store.tokens import Tokens
from tests.integration.api.test_commands import MARK, OF
from tests.support.pages import pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from tests.integration.api.conftest import Api


async def _rows(api: Api, many: int, **wanted: Any) -> Sequence[Any]:
    """What is on record, as soon as it is so much."""
    names = list(wanted) or ["school"]
    where = " and ".join(f"{name} = ${at}" for at, name in enumerate(names, 1))
    values = list(wanted.values()) or [api.school]
    found: list[Any] = []

    async def there() -> bool:
        sql = f"select * from audit_log where {where} order by at, id"  # noqa: S608 - names of ours
        found[:] = await api.pool.fetch(sql, *values)
        return len(found) >= many

    assert await until(there, within=30), found
    return found


async def test_a1_every_refusal_and_every_change_is_on_record_and_reads_are_not(api: Api) -> None:
    admin, user = await api.token(), await api.token(actor="user", scopes=["read"])
    signals = await api.token(actor=None, scopes=["signals"])
    me = await api.ask("GET", "/v1/me", admin)
    enrolled = await api.command("enroll-learner", admin, "e-1", OF, wait=30)
    refused = await api.ask("GET", "/v1/learners/u-1204/courses", user)
    scope = await api.command("mark-complete", user, "m-1", MARK)
    bad = await api.command("mark-complete", admin, "m-2", {"learner": 5})
    seen = MARK | {"dry_run": True}
    assert (await api.command("mark-complete", admin, "p-1", seen)).body["would"] == "accepted"
    no = await api.command("mark-complete", await api.token(actor="user"), "p-2", seen)
    seen = {**OF, "activity": "welcome", "signal": {"type": "visit"}}
    await api.command("record-activity", signals, "v-1", seen, wait=30)
    rows = await _rows(api, 5)
    told = [(it["operation"], it["status"], it["code"], it["actor"], it["times"]) for it in rows]
    assert told == [
        ("enroll_learner", 200, None, "admin", 1),
        ("courses_of_learner", 403, "not_permitted", "user", 1),
        ("mark_complete", 403, "not_permitted", "user", 1),
        ("mark_complete", 400, "invalid_command", "admin", 1),
        ("mark_complete", 200, None, "user", 1),  # told that it would be refused
    ]
    assert [it["request_id"] for it in rows] == [
        it.headers["X-Request-Id"] for it in (enrolled, refused, scope, bad, no)
    ]
    assert (rows[0]["method"], rows[0]["route"]) == ("POST", "/v1/commands/enroll-learner")
    assert rows[0]["ids"] == '{"idempotency_key": "e-1"}'
    assert rows[1]["ids"] == '{"learner": "u-1204"}'
    assert {(it["caller"] == me.body["token"], it["address"]) for it in rows} == {
        (True, "127.0.0.1"),
        (False, "127.0.0.1"),
    }
    whole = str([dict(it) for it in rows])
    assert not any(secret in whole for secret in (admin, user, "cm_"))


async def test_a_token_that_ended_is_told_nothing_and_is_on_record(api: Api) -> None:
    now = datetime.now(UTC)
    expired = await api.token(expires_at=now - timedelta(seconds=1))
    revoked = await api.token()
    id_ = (await api.ask("GET", "/v1/me", revoked)).body["token"]
    assert await Tokens(api.pool).revoke(api.school, id_, now)
    for token in (expired, revoked):
        assert (await api.ask("GET", "/v1/me", token)).status == 401
    rows = await _rows(api, 2)
    assert [(it["status"], it["why"]) for it in rows] == [
        (401, "token_expired"),
        (401, "token_revoked"),
    ]
    assert rows[1]["caller"] == id_


async def test_what_anybody_can_have_again_and_again_is_counted(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await api.token()
    for id_ in ("a", "b", "%00%ED%A0%80", "d", "x" * 128):
        assert (await api.ask("GET", f"/v1/operations/{id_}", token)).status in {400, 404}
        assert (await api.ask("GET", "/v1/me", "cm_wrong")).status == 401
    monkeypatch.setattr(recording, "COUNTED", timedelta())
    rows = await _rows(api, 2)
    assert [(it["status"], it["times"]) for it in rows] == [(404, 1), (404, 3)]
    assert rows[1]["ids"].startswith('{"operation": "xxx')
    unknown = await _rows(api, 1, school="", why="token_unknown")
    assert {it["caller"] for it in unknown} == {None}
    assert {it["ids"] for it in unknown} == {"{}"}


async def test_what_cannot_be_kept_as_it_is_is_kept_otherwise(api: Api) -> None:
    user = await api.token(actor="user", scopes=["signals"])
    path = f"/v1/learners/%00%ED%A0%80{'x' * 1_000}/courses"
    assert (await api.ask("GET", path, user)).status == 403
    [row] = await _rows(api, 1)
    assert len(row["ids"]) < 400
    assert "\x00" not in row["ids"]


async def test_a1_administrators_read_their_schools_log_page_by_page(api: Api) -> None:
    admin, other = await api.token(scopes=["manage"]), await api.token(api.other, scopes=["manage"])
    user = await api.token(actor="instructor", scopes=["manage"])
    for n in range(5):
        got = await api.ask("GET", f"/v1/operations/o-{n}", user)  # a token of another scope
        assert got.status == 403
    assert (await api.ask("GET", "/v1/audit", user)).status == 403
    await _rows(api, 6)
    whole = (await api.ask("GET", "/v1/audit", admin)).body["entries"]
    assert [it["operation"] for it in whole] == ["audit", *5 * ["get_operation"]]
    assert len({it["id"] for it in whole}) == len(whole)
    assert whole[1]["ids"] == {"operation": "o-4"}
    assert "school" not in whole[0]
    path = "/v1/audit?limit=4&status=403&status=401&actor=instructor"
    told = await pages(api, path, admin, "entries")
    assert [it for page in told for it in page] == whole
    id_ = whole[0]["caller"]
    for query, many in (
        (f"caller={id_}", 6),
        ("caller=tok_none", 0),
        ("operation=audit", 1),
        ("since=2199-01-01T00:00:00Z", 0),
        ("until=2199-01-01T00:00:00Z", 6),
    ):
        found = (await api.ask("GET", f"/v1/audit?{query}", admin)).body["entries"]
        assert (query, len(found)) == (query, many)
    assert (await api.ask("GET", "/v1/audit", other)).body == {"entries": []}
    for wrong in (
        "cursor=x",
        "cursor=2024-05-01T00:00:00Z:x",
        "status=1",
        "since=now",
        "actor=%00",
    ):
        assert (await api.ask("GET", f"/v1/audit?{wrong}", admin)).code == "invalid_request"
