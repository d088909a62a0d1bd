"""B12, B3, B4: schedules and the policy over HTTP, with the scheduler that begins them (A1, A3)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest_asyncio

from contracts.directory import User
from contracts.operations import MAX_ROWS
from services.domain.bulk import part_id
from services.runtime.clock import now
from services.runtime.embedded.waiting import until
from services.store import schedules
from services.store.directory import Directory
from tests.integration.api.acting import EVERY, acting, ended
from tests.integration.api.conftest import without_address

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.runtime.embedded import EmbeddedPostgres
    from tests.integration.api.conftest import Api, Got

NURSES = {
    "task": {
        "what": "enroll",
        "whom": {"by": "tags", "tags": ["nurse"]},
        "courses": ["biology-1"],
    },
    "timezone": "UTC",
    "starts_at": "2199-01-01T02:00:00",
}
POLICY = {"max_backdating_days": 30, "reasons": ["administrative"], "four_eyes_above": 10}


@pytest_asyncio.fixture(scope="module")
async def api(embedded_kafka: str, postgres: EmbeddedPostgres) -> AsyncIterator[Api]:
    async with acting(embedded_kafka, postgres, "scheduler") as made:
        users = [User(school=made.school, user=it, tags=("nurse",)) for it in ("n-1", "n-2")]
        await Directory(made.pool).put_users(users)
        yield made


async def put(api: Api, token: str, name: str, headers: Any = None, **more: Any) -> Got:
    return await api.ask("PUT", f"/v1/schedules/{name}", token, headers, json=NURSES | more)


async def test_b12_a_schedule_begins_an_operation_and_its_slot_is_on_record(api: Api) -> None:
    token = await api.token(scopes=EVERY)

    async def accepted() -> bool:
        soon = f"{now() + timedelta(seconds=2):%Y-%m-%dT%H:%M:%S}"
        kept = await put(api, token, "soon", starts_at=soon)
        if kept.code == "no_slot_left":
            return False
        assert (kept.status, kept.body["actor"], kept.body["enabled"]) == (200, "admin", True)
        return True

    assert await until(accepted, within=60)  # the slot may have passed before it was asked for

    async def begun() -> bool:
        found = await api.ask("GET", "/v1/schedules/soon/slots", token)
        return bool(found.body["slots"])

    assert await until(begun, within=60)
    [slot] = (await api.ask("GET", "/v1/schedules/soon/slots", token)).body["slots"]
    assert (slot["outcome"], slot["learners"]) == ("begun", 2)
    report = await ended(api, slot["operation"], token)
    assert (report["kind"], report["done"], report["actor"]) == ("enroll", 2, "admin")
    assert "next_at" not in (await api.ask("GET", "/v1/schedules/soon", token)).body
    got = await api.ask("GET", "/v1/schedules/soon/slots?limit=1&cursor=1970-01-01", token)
    assert (got.status, got.code) == (400, "invalid_request")


async def test_b12_a_schedule_is_looked_at_previewed_held_and_removed(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    await put(api, token, "later", rule="FREQ=DAILY")
    shown = (await api.ask("GET", "/v1/schedules/later", token)).body
    assert (len(shown["coming"]), shown["learners"], shown["learners_exactly"]) == (3, 2, True)
    assert shown["next_at"] == shown["coming"][0] == "2199-01-01T02:00:00Z"
    assert shown["task"] == NURSES["task"] | {"mark_complete": False, "programs": []}
    headers = {"Idempotency-Key": "foreseen"}
    first = await api.ask("POST", "/v1/schedules/later/preview", token, headers)
    assert (first.status, first.body["operation"]) == (202, "/v1/operations/foreseen")
    report = await ended(api, "foreseen", token)
    assert (report["dry_run"], report["total"]) == (True, 2)

    held = await api.ask("POST", "/v1/schedules/later/disable", token)
    assert (held.body["enabled"], "next_at" in held.body) == (False, False)
    again = await api.ask("POST", "/v1/schedules/later/enable", token)
    assert again.body["next_at"] == shown["next_at"]
    there = await put(api, token, "later", {"If-None-Match": "*"})
    assert (there.status, there.code) == (409, "schedule_exists")
    assert (await put(api, token, "later", note="Once.")).body["note"] == "Once."
    listed = (await api.ask("GET", "/v1/schedules", token)).body["schedules"]
    assert "later" in {it["schedule"] for it in listed}
    assert (await api.ask("DELETE", "/v1/schedules/later", token)).status == 204
    assert (await api.ask("GET", "/v1/schedules/later", token)).code == "unknown_schedule"
    nobody = NURSES["task"] | {"whom": {"by": "tags", "tags": ["nobody"]}}
    await put(api, token, "none", task=nobody)
    found = await api.ask("POST", "/v1/schedules/none/preview", token, headers)
    assert (found.body["learners"], "operation" in found.body) == (0, False)


async def test_b12_a_schedule_is_looked_at_before_it_is_kept(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    only_new = {"If-None-Match": "*"}
    looked = await put(api, token, "looked?dry_run=true", only_new, rule="FREQ=DAILY")
    assert (looked.status, looked.body["learners"], len(looked.body["coming"])) == (200, 2, 3)
    assert looked.body["next_at"] == looked.body["coming"][0]
    assert (await api.ask("GET", "/v1/schedules/looked", token)).code == "unknown_schedule"
    kept = (await put(api, token, "looked", only_new)).body
    for headers, more, status, code in (
        (only_new, {}, 409, "schedule_exists"),
        ({}, {"starts_at": "2001-01-01T02:00:00"}, 409, "no_slot_left"),
        ({}, {"task": NURSES["task"] | {"courses": ["chemistry"]}}, 404, "unknown_course"),
        ({}, {"note": "Changed."}, 200, None),
    ):
        got = await put(api, token, "looked?dry_run=true", headers, **more)
        assert (more, got.status, got.code) == (more, status, code)
    async with api.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from schedules where schedule = 'looked' for update")
        held = await put(api, token, "looked?dry_run=true", note="Changed.")  # waits for nobody
    assert held.status == 200
    there = (await api.ask("GET", "/v1/schedules/looked", token)).body
    assert {name: there[name] for name in kept} == kept
    assert (await put(api, token, "looked?dry_run=perhaps")).code == "invalid_request"
    assert (await api.ask("DELETE", "/v1/schedules/looked", token)).status == 204
    log = (
        "select operation, status from audit_log "
        "where ids->>'schedule' = 'looked' and method <> 'GET'"
    )

    async def removed() -> bool:
        return "remove_schedule" in {it["operation"] for it in await api.pool.fetch(log)}

    assert await until(removed, within=30)
    on_record = sorted(map(tuple, await api.pool.fetch(log)))
    assert on_record == [
        ("put_schedule", 200),  # once it was kept; what was only looked at changed nothing
        *(("put_schedule", it) for it in (400, 404, 409, 409)),
        ("remove_schedule", 204),
    ]


async def test_a1_b5_a_preview_that_cannot_begin_is_refused_to_who_waits(api: Api) -> None:
    second = User(school=api.school, user="second", role_level="admin")
    many = [User(school=api.school, user=f"p-{it}", tags=("porter",)) for it in range(MAX_ROWS + 1)]
    await Directory(api.pool).put_users([second, *many])
    token = await api.token(scopes=EVERY)
    porters = NURSES["task"] | {"whom": {"by": "tags", "tags": ["porter"]}}
    await put(api, await api.token(actor="second", scopes=EVERY), "seconds", task=porters)
    preview, wait = "/v1/schedules/seconds/preview", {"Prefer": "wait=30"}
    begun = await api.ask("POST", preview, token, {"Idempotency-Key": "begun"} | wait)
    assert (begun.status, begun.headers["Preference-Applied"]) == (202, "wait=30")
    report = await ended(api, "begun", token)
    assert (report["dry_run"], report["total"]) == (True, MAX_ROWS + 1)
    await Directory(api.pool).put_users([second.model_copy(update={"role_level": "user"})])
    for _ in range(2):
        refused = await api.ask("POST", preview, token, {"Idempotency-Key": "refused"} | wait)
        assert (refused.status, refused.code) == (403, "not_permitted")
        assert refused.body["result"]["outcome"] == "rejected"
    parts = [part_id(api.school, "refused", number) for number in (1, 2)]
    carried_out = "select count(*) from receipts where school = $1 and command_id = any($2)"
    assert await api.pool.fetchval(carried_out, api.school, parts) == 1  # the second was not sent
    assert (await api.ask("DELETE", "/v1/schedules/seconds", token)).status == 204


async def test_b1_a_preview_under_a_key_that_was_another_ones_is_refused(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    await put(api, token, "one")
    await put(api, token, "other", note="Another one.")
    key, wait = {"Idempotency-Key": "of-one"}, {"Prefer": "wait=30"}
    first = await api.ask("POST", "/v1/schedules/one/preview", token, key | wait)
    assert first.status == 202
    for more in (wait, {}):
        got = await api.ask("POST", "/v1/schedules/other/preview", token, key | more)
        assert (got.status, got.code) == (422, "command_id_reused")
        assert "of-one" in got.body["detail"]
        again = await api.ask("POST", "/v1/schedules/one/preview", token, key | more)
        assert (again.status, again.body) == (202, first.body)
    for name in ("one", "other"):
        assert (await api.ask("DELETE", f"/v1/schedules/{name}", token)).status == 204


async def test_b12_of_many_who_make_one_only_if_it_is_new_one_does(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    only_new = {"If-None-Match": "*"}
    got = await asyncio.gather(*(put(api, token, "new", only_new) for _ in range(8)))
    assert sorted(it.status for it in got) == [200] + 7 * [409]
    assert (await api.ask("DELETE", "/v1/schedules/new", token)).status == 204


async def test_b12_to_switch_one_off_takes_back_no_change_made_meanwhile(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    await put(api, token, "held", rule="FREQ=DAILY")
    there = await schedules.read(api.pool, api.school, "held")
    assert there is not None
    changed = there.schedule.model_copy(update={"note": "Changed."}).to_json().decode()
    async with (
        asyncio.TaskGroup() as group,
        api.pool.acquire() as connection,
        connection.transaction(),
    ):
        await connection.execute(
            "update schedules set definition = $1 where school = $2 and schedule = 'held'",
            *(changed, api.school),
        )
        off = group.create_task(api.ask("POST", "/v1/schedules/held/disable", token))
        waits = "select exists (select from pg_locks where not granted)"

        async def waiting() -> bool:
            return bool(await connection.fetchval(waits))

        assert await until(waiting, within=30)
    told = off.result().body
    assert (told["enabled"], told["note"]) == (False, "Changed.")


async def test_b12_what_would_never_begin_is_refused_now(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    for more, status, code in (
        ({"starts_at": "2001-01-01T02:00:00"}, 409, "no_slot_left"),
        ({"starts_at": "2199-01-01T02:00:00Z"}, 400, "invalid_request"),
        ({"timezone": "Nowhere/Land"}, 400, "invalid_request"),
        ({"rule": "FREQ=SECONDLY"}, 400, "invalid_request"),
        ({"task": {"what": "everything"}}, 400, "invalid_request"),
        ({"task": NURSES["task"] | {"courses": ["chemistry"]}}, 404, "unknown_course"),
        ({"note": "\x00"}, 400, "invalid_request"),
    ):
        got = await put(api, token, "bad", **more)
        assert (more, got.status, got.code) == (more, status, code)
    assert (await api.ask("GET", "/v1/schedules/bad", token)).status == 404


async def test_b3_b4_a_policy_is_set_but_four_eyes_are_not_lifted_by_one(api: Api) -> None:
    token = await api.token(api.other, scopes=EVERY)
    assert (await api.ask("GET", "/v1/policy", token)).body == {"note_required": False}
    changed = await api.ask("PUT", "/v1/policy", token, json=POLICY)
    assert changed.body == POLICY | {"note_required": False}
    assert (await api.ask("GET", "/v1/policy", token)).body == changed.body
    body = {
        "learner": "user",
        "course": "biology-1",
        "activities": "whole_course",
        "send_completion_email": False,
        "effective_at": "2001-01-01T00:00:00Z",
    }
    got = await api.command("mark-complete", token, "p-1", body, wait=30)
    assert got.code == "backdating_not_allowed"
    for above in (None, 11):
        lifted = await api.ask("PUT", "/v1/policy", token, json=POLICY | {"four_eyes_above": above})
        assert (above, lifted.status, lifted.code) == (above, 403, "not_permitted")
    lower = await api.ask("PUT", "/v1/policy", token, json=POLICY | {"four_eyes_above": 5})
    assert lower.body["four_eyes_above"] == 5
    for more in ({"max_backdating_days": -1}, {"reasons": []}, {"reasons": ["because"]}):
        got = await api.ask("PUT", "/v1/policy", token, json=POLICY | more)
        assert (more, got.status, got.code) == (more, 400, "invalid_request")


async def test_a1_a3_administrators_of_the_school_alone(api: Api) -> None:
    token = await api.token(scopes=EVERY)
    await put(api, token, "ours")
    foreign = await api.token(api.other, scopes=EVERY)
    instructor = await api.token(actor="instructor", scopes=EVERY)
    key = {"Idempotency-Key": "x"}
    for method, what in (
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/enable"),
        ("POST", "/disable"),
        ("POST", "/preview"),
        ("GET", "/slots"),
    ):
        theirs = await api.ask(method, f"/v1/schedules/ours{what}", foreign, key)
        nowhere = await api.ask(method, f"/v1/schedules/none-such{what}", foreign, key)
        assert (what, theirs.status) == (what, 404)
        assert without_address(theirs) == without_address(nowhere)
        refused = await api.ask(method, f"/v1/schedules/ours{what}", instructor, key)
        assert (what, refused.status, refused.code) == (what, 403, "not_permitted")
    assert (await put(api, instructor, "theirs")).code == "not_permitted"
    for method, path in (("GET", "/v1/policy"), ("PUT", "/v1/policy"), ("GET", "/v1/schedules")):
        assert (await api.ask(method, path, instructor, json={})).code == "not_permitted"
    assert (await api.ask("GET", "/v1/schedules", foreign)).body == {"schedules": []}
    ours = await put(api, foreign, "ours", school=api.school, actor="other")
    assert (ours.status, ours.body["actor"]) == (200, "admin")
    assert (await api.ask("GET", "/v1/schedules/ours", token)).body["created_at"] != (
        ours.body["created_at"]
    )
