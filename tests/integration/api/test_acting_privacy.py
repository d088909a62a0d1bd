"""A person's data and a person erased, over HTTP: for administrators of their school (A1, A3)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import pytest_asyncio

from contracts import topics
from contracts.directory import User
from services.projector.runtime import Projector
from services.runtime.bus.client import Connection
from services.runtime.embedded.waiting import until
from services.store.audit import AuditLog, Wanted
from services.store.directory import Directory
from services.store.log import EventLog
from services.store.people import people
from tests.integration.api.conftest import UNUSUAL, encoded, serving, without_address
from tests.support.kafka import whole
from tests.support.pages import next_of
from tests.support.servers import fresh_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.runtime.embedded import EmbeddedPostgres
    from services.store.tokens import Scope
    from tests.integration.api.conftest import Api, Got

PREFIX = f"t{uuid4().hex[:10]}."
NAME, EMAIL = "Nadia Haddad", "nadia@learner.test"
MANAGE: tuple[Scope, ...] = ("manage",)
CALLS = (
    ("POST", "/v1/users/u-1204/export"),
    ("GET", "/v1/users/u-1204/holdings"),
    ("PUT", "/v1/users/u-1204/erasure"),
    ("GET", "/v1/users/u-1204/erasure"),
    ("GET", "/v1/erasures"),
)


@pytest_asyncio.fixture(scope="module")
async def alone(embedded_kafka: str, postgres: EmbeddedPostgres) -> AsyncIterator[Api]:
    """The API alone, and views that are built: an erasure needs no other part."""
    async with fresh_database(postgres) as url:
        bound = {"api_per_second": 10_000, "api_burst": 10_000}
        async with serving(embedded_kafka, url, PREFIX, **bound) as made:
            await Projector(EventLog(made.pool)).catch_up()
            yield made


@pytest_asyncio.fixture
async def api(alone: Api) -> Api:
    made = await alone.anew()
    nadia = {"user": "u-1204", "name": NAME, "email": EMAIL}
    await Directory(made.pool).put_users([User(school=made.school, **nadia)])
    return made


async def erase(api: Api, token: str, user: str = "u-1204", **body: Any) -> Got:
    return await api.ask("PUT", f"/v1/users/{encoded(user)}/erasure", token, json=body)


async def export(api: Api, token: str, user: str = "u-1204") -> Got:
    return await api.ask("POST", f"/v1/users/{encoded(user)}/export", token)


async def holdings(api: Api, token: str, user: str = "u-1204") -> Got:
    return await api.ask("GET", f"/v1/users/{encoded(user)}/holdings", token)


async def test_erased_they_are_nowhere_and_it_says_what_is_left(
    api: Api, embedded_kafka: str
) -> None:
    token = await api.token(scopes=MANAGE)
    held = await export(api, token)
    assert held.status == 200
    assert "person.json" in held.headers["Content-Disposition"]
    assert (held.body["directory"]["name"], held.body["directory"]["email"]) == (NAME, EMAIL)
    before = await holdings(api, token)
    assert (before.status, before.body.keys()) == (200, {"held"})
    assert (NAME in str(before.body), EMAIL in str(before.body)) == (False, False)
    done = await erase(api, token, reason="request 17")
    assert done.status == 200, done.body
    assert done.body["found"]["directory"] is True
    assert done.body["found"] == before.body["held"]
    assert [it["step"] for it in done.body["steps"]][-1] == "ended"
    record = done.body["erasure"]
    assert (record["user"], record["actor"], record["reason"]) == ("u-1204", "admin", "request 17")
    assert {topics.DIRECTORY, topics.EVENTS} <= {it["where"] for it in done.body["left"]}
    assert (await export(api, token)).body["directory"] is None
    assert await people(api.pool, api.school, ["u-1204"]) == {}
    cluster = Connection(embedded_kafka, PREFIX, idempotent=False)
    records = await whole(cluster.bootstrap, cluster.topic(topics.DIRECTORY))
    key = f"{api.school}/u-1204".encode()
    assert [it.value for it in records if it.key == key] == [None]
    shown = await api.ask("GET", "/v1/users/u-1204/erasure", token)
    assert shown.body == record
    after = (await holdings(api, token)).body
    assert (after["held"]["directory"], after["erasure"]) == (False, record)
    assert (await api.ask("GET", "/v1/erasures", token)).body == {"erasures": [record]}


async def test_asked_for_twice_or_at_the_same_moment_it_is_one_erasure(api: Api) -> None:
    token = await api.token(scopes=MANAGE)
    first, second = await asyncio.gather(
        erase(api, token, reason="one"), erase(api, token, reason="two")
    )
    third = await erase(api, token, reason="three")
    assert [it.status for it in (first, second, third)] == [200] * 3
    assert third.body["erasure"]["reason"] in {"one", "two"}
    reasons = {it.body["erasure"]["reason"] for it in (first, second, third)}
    assert len(reasons) == 1
    assert third.body["found"]["directory"] is False


@pytest.mark.parametrize("actor", ["instructor", "reporter", "seat_manager", "user", "u-1204"])
async def test_a1_whoever_is_no_administrator_may_not_and_changes_nothing(
    api: Api, actor: str
) -> None:
    token = await api.token(actor=actor, scopes=MANAGE)
    for method, path in CALLS:
        got = await api.ask(method, path, token, json={} if method == "PUT" else None)
        assert (got.status, got.code) == (403, "not_permitted"), path
        assert NAME not in str(got.body)
    assert await people(api.pool, api.school, ["u-1204"]) != {}


async def test_a_token_without_the_right_to_manage_is_refused(api: Api) -> None:
    token = await api.token(scopes=("read", "commands"))
    for method, path in CALLS:
        got = await api.ask(method, path, token, json={} if method == "PUT" else None)
        assert got.status == 403, path


@pytest.mark.parametrize("method", ["export", "holdings", "erase"])
async def test_a3_another_schools_person_is_told_as_one_who_is_not_there(
    api: Api, method: str
) -> None:
    token = await api.token(api.other, scopes=MANAGE)
    ask = {"export": export, "holdings": holdings, "erase": erase}[method]
    theirs, nobodys = await ask(api, token, "u-1204"), await ask(api, token, "u-nobody")
    assert (theirs.status, theirs.code) == (404, "unknown_person")
    assert without_address(theirs) == without_address(nobodys)
    assert set(await people(api.pool, api.school, ["u-1204"])) == {"u-1204"}
    assert (await api.ask("GET", "/v1/erasures", token)).body == {"erasures": []}


async def test_a3_the_record_of_an_erasure_is_its_schools_alone(api: Api) -> None:
    await erase(api, await api.token(scopes=MANAGE))
    token = await api.token(api.other, scopes=MANAGE)
    for user in ("u-1204", "u-nobody"):
        got = await api.ask("GET", f"/v1/users/{user}/erasure", token)
        assert (got.status, got.code) == (404, "not_erased")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"reason": ""}', b'{"reason": 1}', b"{"])
async def test_a_body_that_is_none_is_refused_and_nobody_erased(api: Api, body: bytes) -> None:
    token = await api.token(scopes=MANAGE)
    headers = {"Content-Type": "application/json"}
    got = await api.ask("PUT", "/v1/users/u-1204/erasure", token, headers, data=body)
    assert got.status == 400
    assert set(await people(api.pool, api.school, ["u-1204"])) == {"u-1204"}


async def test_whoever_has_an_unusual_id_is_erased_too(api: Api) -> None:
    token = await api.token(scopes=MANAGE)
    done = await erase(api, token, UNUSUAL)
    assert (done.status, done.body["erasure"]["user"]) == (200, UNUSUAL)
    assert await people(api.pool, api.school, [UNUSUAL]) == {}


async def test_the_list_goes_on_from_page_to_page(api: Api) -> None:
    token = await api.token(scopes=MANAGE)
    users = ["u-1", "u-2", "u-1204"]
    for user in users:
        await erase(api, token, user)
    page = await api.ask("GET", "/v1/erasures?limit=2", token)
    assert [it["user"] for it in page.body["erasures"]] == ["u-1204", "u-2"]
    after = next_of(page.headers)
    assert after is not None
    assert [it["user"] for it in (await api.ask("GET", after, token)).body["erasures"]] == ["u-1"]
    wrong = await api.ask("GET", "/v1/erasures?cursor=yesterday", token)
    assert wrong.status == 400


async def test_who_took_a_persons_data_and_who_erased_them_is_in_the_audit_log(api: Api) -> None:
    token = await api.token(scopes=MANAGE)
    await export(api, token)
    await erase(api, token)

    async def written() -> bool:
        found = await AuditLog(api.pool).page(Wanted(school=api.school), limit=10)
        said = {(it.operation, it.actor, it.ids["user"]) for it in found}
        return said == {(it, "admin", "u-1204") for it in ("export_person", "erase_person")}

    assert await until(written, within=30, every=0.05)
