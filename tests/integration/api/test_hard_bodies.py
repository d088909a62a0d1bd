"""Bad input over real HTTP: JSON that readers take differently, SQL, and ids of every kind."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest_asyncio

from contracts.directory import User
from services.api.app import application
from services.projector.runtime import Projector
from services.store.directory import Directory
from services.store.log import EventLog
from tests.integration.api.conftest import encoded
from tests.integration.api.test_commands import MARK, OF

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api

SQL = ("'; drop table users; --", "1) union select 1--\\")
IDS = (
    "ümlaut@exämple.test",
    "名前@例え.テスト",
    "a+b@c.test",
    "50%",
    "a#b?c=d",
    "%2F",
    "..",
    "é\u0301🎓",
)
DEEP = 5_000 * b"[" + 5_000 * b"]"
TWISTED = (
    (b'{"learner": "u-1204", "course": "biology-1", "effective_at": NaN}', "invalid_command"),
    (b'{"learner": "u-1204", "course": "biology-1", "effective_at": -Infinity}', "invalid_command"),
    (b'{"learner": "u-1204", "course": "biology-1", "note": "\\ud83d"}', "not_json"),
    (b'{"learner": "u-1204\\u0000", "course": "biology-1"}', "invalid_command"),
    (b'{"learner": "u-1204", "course": "biology-1\\u0000"}', "invalid_command"),
    (b'{"learner": "u-1204", "course": "biology-1", "note": "a\x00b"}', "not_json"),
    (b'{"learner": "u-1204", "course": "biology-1", "x": ' + DEEP + b"}", "not_json"),
    (b'\xef\xbb\xbf{"learner": "u-1204", "course": "biology-1"}', "not_json"),
    ('{"learner": "u-1204", "course": "biology-1"}'.encode("utf-16"), "not_utf8"),
    (b'{"learner": "u-1204", "course": "biology-1"}{}', "not_json"),
    (b'{"learner": "u-1204", "course": "biology-1",}', "not_json"),
)
PLACES = {"learner": "u-1204", "user": "u-1204", "course": "biology-1", "attempt": "1"}
"""What is there, so that a read gets as far as the text beside it."""
NUMBERS = ("1e400", "-1e400", "9" * 400, str(2**64), str(2**63), "1.5", "-1", "1e3", "true", '"1"')


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _views(running: Api) -> None:
    """The views are there, so that reads reach the database."""
    await Projector(EventLog(running.pool)).catch_up()


async def test_b2_json_that_is_read_in_two_ways_is_not_taken(api: Api) -> None:
    token = await api.token()
    for body, code in TWISTED:
        got = await api.ask(
            "POST", "/v1/commands/enroll-learner", token, {"Idempotency-Key": "k"}, data=body
        )
        assert (body[:70], got.status, got.code) == (body[:70], 400, code)


async def test_a3_of_two_values_for_one_name_the_last_is_the_one_that_is_checked(api: Api) -> None:
    token = await api.token()
    of = '"learner": "u-1", "learner": "u-1204", "course": "biology-1"'
    for more, status in (
        (f', "school": "{api.school}", "school": "{api.other}"', 403),
        (f', "school": "{api.other}", "school": "{api.school}"', 200),
    ):
        got = await api.ask(
            "POST",
            "/v1/commands/enroll-learner",
            token,
            {"Idempotency-Key": "twice", "Prefer": "wait=30"},
            data=f"{{{of}{more}}}".encode(),
        )
        assert got.status == status, got.body
    sql = "select originator_id from stored_events where originator_id like any($1::text[])"
    schools = [f"{it}/u-%" for it in (api.school, api.other)]
    streams = [row[0] for row in await api.pool.fetch(sql, schools)]
    assert streams == [f"{api.school}/u-1204/biology-1"]


async def test_b2_numbers_beyond_what_is_kept_are_told(api: Api) -> None:
    token = await api.token()
    for number in NUMBERS:
        body = (
            '{"learner": "u-1204", "course": "biology-1", "activity": "welcome", '
            f'"signal": {{"kind": "time_spent", "seconds": {number}}}}}'
        )
        got = await api.ask(
            "POST",
            "/v1/commands/record-activity",
            token,
            {"Idempotency-Key": "k"},
            data=body.encode(),
        )
        assert (number, got.status, got.code) == (number, 400, "invalid_command")


async def test_a3_sql_in_any_parameter_of_any_read_is_a_text_like_others(api: Api) -> None:
    token = await api.token(scopes=("commands", "manage", "read"))
    assert (await api.command("enroll-learner", token, "e", OF, wait=30)).status == 200
    await Projector(EventLog(api.pool)).catch_up()
    users = await api.pool.fetchval("select count(*) from users")
    paths = application().openapi()["paths"]
    reads = {path: it["get"].get("parameters", []) for path, it in paths.items() if "get" in it}
    for path, parameters in reads.items():
        addresses = [at for text in SQL for at in _addresses(path, parameters, text)]
        answers = await asyncio.gather(*(api.ask("GET", it, token) for it in addresses))
        statuses = {it: got.status for it, got in zip(addresses, answers, strict=True)}
        assert set(statuses.values()) <= {200, 400, 404, 422}, statuses
    assert await api.pool.fetchval("select count(*) from users") == users


def _addresses(path: str, parameters: list[dict[str, Any]], text: str) -> list[str]:
    """The path with the text in each place of it, and with the text in each of its parameters."""
    told = quote(text, safe="")
    places = [it["name"] for it in parameters if it["in"] == "path"]
    there = {place: PLACES.get(place, "none") for place in places}
    addresses = [_filled(path, {**there, place: told}) for place in places]
    whole = _filled(path, there)
    return addresses + [f"{whole}?{it['name']}={told}" for it in parameters if it["in"] == "query"]


def _filled(path: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", value)
    return path


async def test_m4_ids_are_any_text_also_addresses_in_other_scripts(api: Api) -> None:
    token = await api.token()
    for number, id_ in enumerate(IDS):
        await Directory(api.pool).put_users([User(school=api.school, user=id_)])
        body = OF | {"learner": id_}
        done = await api.command("enroll-learner", token, f"i-{number}", body, wait=30)
        assert (id_, done.status) == (id_, 200)
        got = await api.ask("GET", f"/v1/learners/{encoded(id_)}/events", token)
        assert got.status == 200, got.body
    streams = await api.pool.fetch(
        "select originator_id from stored_events where originator_id like $1",
        f"{api.school}/%/biology-1",
    )
    assert {row[0].split("/")[1] for row in streams} >= set(IDS)


async def test_b1_fifty_at_the_same_moment_with_one_key_are_one_command(api: Api) -> None:
    token = await api.token()
    assert (await api.command("enroll-learner", token, "e", OF, wait=30)).status == 200
    bodies = [MARK if number % 2 else MARK | {"note": f"{number}"} for number in range(50)]
    answers = await asyncio.gather(
        *(api.command("mark-complete", token, "same", body, wait=30) for body in bodies)
    )
    counts = Counter((it.status, it.code) for it in answers)
    assert set(counts) <= {(200, None), (409, "in_progress"), (422, "command_id_reused")}
    assert counts[200, None] >= 1
    assert counts[422, "command_id_reused"] >= 24  # each of the other bodies
    assert len({json.dumps(it.body) for it in answers if it.status == 200}) == 1
    receipts = "select count(*) from receipts where school = $1 and command_id = 'same'"
    assert await api.pool.fetchval(receipts, api.school) == 1
    marks = "select count(*) from stored_events where originator_id = $1 and topic like $2"
    stream = f"{api.school}/u-1204/biology-1"
    assert await api.pool.fetchval(marks, stream, "%activity_completed.v1") == 2
