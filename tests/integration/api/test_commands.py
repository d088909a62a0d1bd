"""Commands over real HTTP, carried out by the parts that carry out those of Kafka (M4)."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from services.api.commands.examples import EXAMPLES
from services.api.commands.offered import OFFERED
from tests.integration.api.conftest import UNUSUAL, encoded, serving, without_address

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api

OF = {"learner": "u-1204", "course": "biology-1"}
MARK = {**OF, "activities": "whole_course", "send_completion_email": False}


async def test_m4_b1_b2_a_command_is_answered_with_its_result_and_always_the_same(api: Api) -> None:
    token = await api.token()
    first = await api.command("enroll-learner", token, "e-1", OF, wait=30)
    assert (first.status, first.headers["Preference-Applied"]) == (200, "wait=30")
    assert [it["type"] for it in first.body["events"]] == [
        "coursemark.progress.learner_enrolled.v1"
    ]
    marked = await api.command("mark-complete", token, "m-1", MARK, wait=30)
    assert (marked.status, marked.body["outcome"], marked.body["command_id"]) == (
        200,
        "accepted",
        "m-1",
    )
    again = await api.command("mark-complete", token, "m-1", MARK, wait=5)
    assert again.body == marked.body
    unquoted = await api.ask(
        "POST", "/v1/commands/mark-complete", token, {"Idempotency-Key": "m-1"}, json=MARK
    )
    assert (unquoted.status, unquoted.headers["Location"]) == (202, "/v1/results/m-1")
    assert unquoted.body == {"command_id": "m-1", "result": "/v1/results/m-1"}
    stored = await api.ask("GET", "/v1/results/m-1", token)
    assert stored.body == marked.body
    cached = await api.ask(
        "GET", "/v1/results/m-1", token, {"If-None-Match": stored.headers["ETag"]}
    )
    assert (cached.status, cached.body) == (304, None)
    source = "select convert_from(state, 'UTF8')::jsonb from stored_events where originator_id = $1"
    states = await api.pool.fetch(source, f"{api.school}/u-1204/biology-1")
    told = {(it["source"], it["actor"]) for it in (json.loads(row[0]) for row in states)}
    assert told == {("api", "admin")}


async def test_a_command_without_waiting_is_taken_and_its_result_is_where_it_says(api: Api) -> None:
    token, id_ = await api.token(), "1/2%3F?#ü"[:-1] + '"\\'
    taken = await api.ask(
        "POST",
        "/v1/commands/enroll-learner",
        token,
        {"Idempotency-Key": '"1/2%3F?#\\"\\\\"'},
        json=OF,
    )
    assert (taken.status, taken.body["command_id"]) == (202, id_)
    assert taken.headers["Location"] == f"/v1/results/{encoded(id_)}" == taken.body["result"]
    got = await api.ask("GET", taken.headers["Location"], token, {"Prefer": "wait=30"})
    assert (got.status, got.body["command_id"], got.body["outcome"]) == (200, id_, "accepted")


async def test_b2_what_was_rejected_is_a_problem_to_who_waits_and_a_result_to_who_asks(
    api: Api,
) -> None:
    token = await api.token()
    cases: tuple[tuple[str, dict[str, Any], int, str], ...] = (
        ("mark-complete", MARK, 409, "not_enrolled"),
        ("mark-complete", MARK | {"course": "none"}, 404, "unknown_course"),
        ("enroll-learner", OF | {"learner": "nobody"}, 404, "unknown_learner"),
        ("undo-operation", {"operation": "o-1", "undoes": "none"}, 404, "unknown_operation"),
    )
    for place, (name, body, status, code) in enumerate(cases):
        refused = await api.command(name, token, f"r-{place}", body, wait=30)
        assert (name, refused.status, refused.code) == (name, status, code)
        assert refused.headers["Content-Type"] == "application/problem+json"
        result = await api.ask("GET", f"/v1/results/r-{place}", token)
        assert (result.status, result.body["code"]) == (200, code)
        assert refused.body["result"] == result.body


async def test_a1_the_role_is_the_directorys_and_the_actor_is_the_tokens(api: Api) -> None:
    admin = await api.token()
    assert (await api.command("enroll-learner", admin, "e-1", OF, wait=30)).status == 200
    for level in ("instructor", "reporter", "seat_manager", "user", "nobody-known"):
        token = await api.token(actor=level)
        refused = await api.command("mark-complete", token, f"m-{level}", MARK, wait=30)
        assert (level, refused.status, refused.code) == (level, 403, "not_permitted")
        lent = await api.command("mark-complete", token, f"l-{level}", MARK | {"actor": "admin"})
        assert (lent.status, lent.code, "result" in lent.body) == (403, "not_permitted", False)
    for field, other in (("school", api.other), ("source", "rule"), ("actor", None)):
        lent = await api.command("mark-complete", admin, f"f-{field}", MARK | {field: other})
        assert (field, lent.status, lent.code) == (field, 403, "not_permitted")
    own = {"school": api.school, "actor": "admin", "source": "api"}
    assert (await api.command("mark-complete", admin, "own", MARK | own, wait=30)).status == 200


async def test_a3_a_school_neither_changes_nor_sees_another(api: Api) -> None:
    ours, theirs = await api.token(), await api.token(api.other)
    assert (await api.command("enroll-learner", ours, "e-1", OF, wait=30)).status == 200
    unseen = [await api.ask("GET", f"/v1/results/{id_}", theirs) for id_ in ("e-1", "none")]
    assert [it.status for it in unseen] == [404, 404]
    assert without_address(unseen[0]) == without_address(unseen[1])
    # The same key in another school is another command.
    refused = await api.command("enroll-learner", theirs, "e-1", OF, wait=30)
    assert (refused.status, refused.code) == (404, "unknown_learner")


async def test_scopes_part_commands_signals_and_reads(api: Api) -> None:
    signals = await api.token(actor=None, scopes=["signals"])
    commands, read = await api.token(scopes=["commands"]), await api.token(scopes=["read"])
    seen = {**OF, "activity": "welcome", "signal": {"kind": "visit"}}
    assert (await api.command("enroll-learner", commands, "e-1", OF, wait=30)).status == 200
    assert (await api.command("record-activity", signals, "s-1", seen, wait=30)).status == 200
    for name, body, token in (
        ("record-activity", seen, commands),
        ("record-activity", seen, read),
        ("mark-complete", MARK, signals),
        ("mark-complete", MARK, read),
        ("mark-complete", MARK, await api.token(actor=None, scopes=["zapier"])),
    ):
        refused = await api.command(name, token, "x-1", body)
        assert (refused.status, refused.code) == (403, "not_permitted")
    assert (await api.ask("GET", "/v1/results/x-1", read)).status == 404  # nothing was sent


async def test_idempotency_another_body_is_422_before_and_after_the_result(api: Api) -> None:
    token = await api.token()
    assert (await api.command("enroll-learner", token, "e-1", OF)).status == 202
    other = OF | {"learner": "u-1205"}
    for _ in range(2):
        refused = await api.command("enroll-learner", token, "e-1", other)
        assert (refused.status, refused.code) == (422, "command_id_reused")
        await api.ask("GET", "/v1/results/e-1", token, {"Prefer": "wait=30"})
    another = await api.command("unenroll-learner", token, "e-1", OF, wait=30)
    assert (another.status, another.code) == (422, "command_id_reused")
    spelled = {"course": "biology-1", "learner": "u-1204", "unknown": 1}
    assert (await api.command("enroll-learner", token, "e-1", spelled, wait=30)).status == 200


async def test_idempotency_twenty_at_the_same_moment_are_one(api: Api) -> None:
    token = await api.token()
    await api.command("enroll-learner", token, "e-1", OF, wait=30)
    asked = [api.command("mark-complete", token, "m-1", MARK, wait=30) for _ in range(20)]
    answers = await asyncio.gather(*asked)
    counts = Counter(it.status for it in answers)
    assert set(counts) <= {200, 409}
    assert counts[200] >= 1
    assert len({json.dumps(it.body) for it in answers if it.status == 200}) == 1
    assert {it.code for it in answers if it.status == 409} <= {"in_progress"}
    assert all("Retry-After" in it.headers for it in answers if it.status == 409)
    repeats = [await api.command("mark-complete", token, "m-1", MARK, wait=30) for _ in range(2)]
    assert {json.dumps(it.body) for it in repeats} == {
        json.dumps(it.body) for it in answers if it.status == 200
    }
    assert [it for it in await _types(api) if "course_completed" in it] == [
        "coursemark.progress.course_completed.v1"
    ]


async def test_b5_a_dry_run_says_what_would_be_and_changes_nothing(api: Api) -> None:
    token = await api.token()
    await api.command("enroll-learner", token, "e-1", OF, wait=30)
    events = await _types(api)
    seen = await api.command("mark-complete", token, "d-1", MARK | {"dry_run": True})
    assert (seen.status, seen.body["outcome"], seen.body["would"]) == (200, "previewed", "accepted")
    assert len(seen.body["events"]) == 3
    assert seen.body["effects"] == {"emails": 0, "webhooks": 0, "zaps": 0}
    refused = await api.command(
        "mark-complete", await api.token(actor="user"), "d-2", MARK | {"dry_run": True}
    )
    assert (refused.status, refused.body["would"], refused.body["code"]) == (
        200,
        "rejected",
        "not_permitted",
    )
    assert await _types(api) == events
    assert (await api.command("mark-complete", token, "d-1", MARK, wait=30)).status == 200


async def test_b6_commands_about_operations_lead_to_the_operation(api: Api) -> None:
    token = await api.token()
    taken = await api.command("bulk-mark-complete", token, "b-1", EXAMPLES["bulk-mark-complete"][0])
    assert (taken.status, taken.body["operation"]) == (202, "/v1/operations/op-2026-11-25")
    assert (await api.ask("GET", taken.body["result"], token, {"Prefer": "wait=30"})).status == 200
    operation = await api.ask("GET", taken.body["operation"], token)
    assert (operation.status, operation.body["kind"], operation.body["source"]) == (
        200,
        "mark_complete",
        "api",
    )


async def test_every_example_of_the_document_is_taken(api: Api) -> None:
    assert EXAMPLES.keys() == OFFERED.keys()
    token = await api.token()
    for name, bodies in EXAMPLES.items():
        for place, body in enumerate(bodies):
            wanted = 200 if body.get("dry_run") else 202
            got = await api.command(name, token, f"{name}-{place}", body)
            assert (name, got.status) == (name, wanted), got.body


async def test_ids_that_need_encoding_are_ids_like_others(api: Api) -> None:
    token = await api.token()
    body = {"learner": UNUSUAL, "course": "biology-1"}
    assert (await api.command("enroll-learner", token, "e-1", body, wait=30)).status == 200
    stream = f"{api.school}/{UNUSUAL}/biology-1"
    found = await api.pool.fetchval(
        "select count(*) from stored_events where originator_id = $1", stream
    )
    assert found == 1


async def test_without_a_worker_waiting_has_an_end(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> None:
    async with serving(embedded_kafka, database_url, topic_prefix) as alone:
        token = await alone.token()
        taken = await alone.command("enroll-learner", token, "e-1", OF, wait=1)
        assert (taken.status, "Preference-Applied" in taken.headers) == (202, False)
        got = await alone.ask("GET", taken.headers["Location"], token, {"Prefer": "wait=1"})
        assert (got.status, got.code, got.headers["Retry-After"]) == (404, "unknown_command", "1")


async def _types(api: Api) -> list[str]:
    """Of the events of the school's learners."""
    sql = "select topic from stored_events where originator_id like $1 order by notification_id"
    return [row[0] for row in await api.pool.fetch(sql, f"{api.school}/u-%")]
