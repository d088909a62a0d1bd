"""Saved searches over real HTTP: kept, changed, used, deleted, by administrators alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from services.projector.runtime import Projector
from services.store.log import EventLog
from services.views.search.saved import saved
from tests.integration.api.conftest import without_address
from tests.support.pages import pages

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api, Got

NAME = "who is late / ä?&#'"
CRITERIA: dict[str, Any] = {
    "role_level": "user",
    "tags": ["evening"],
    "completed_from": "2024-05-01T00:00:00Z",
    "inactive_since": "2024-05-02",
}


async def put(api: Api, token: str, name: str, body: Any) -> Got:
    return await api.ask("PUT", _at(name), token, json=body)


def _at(name: str) -> str:
    return f"/v1/searches/{quote(name, safe='')}"


async def test_a_search_is_kept_changed_used_and_deleted(api: Api) -> None:
    manage, read = await api.token(scopes=["manage"]), await api.token(scopes=["read"])
    first = await put(api, manage, NAME, CRITERIA)
    assert (first.status, first.body["name"], first.body["criteria"]) == (200, NAME, CRITERIA)
    assert (await put(api, manage, NAME, {"role_level": "reporter"})).status == 200
    kept = await api.ask("GET", _at(NAME), read)
    assert kept.body["criteria"] == {"role_level": "reporter"}
    assert kept.body["created_at"] == first.body["created_at"] < kept.body["changed_at"]
    stored = await saved(api.pool, api.school, NAME)
    assert stored is not None
    assert stored.given == {"role_level": "reporter"}
    await Projector(EventLog(api.pool)).catch_up()
    found = await api.ask("GET", f"/v1/learners?saved={quote(NAME)}", read)
    assert [it["learner"] for it in found.body["learners"]] == ["reporter"]
    gone = await api.ask("DELETE", _at(NAME), manage)
    assert gone.body == kept.body
    for method, path in (("GET", _at(NAME)), ("GET", f"/v1/learners?saved={quote(NAME)}")):
        missing = await api.ask(method, path, read)
        assert (missing.status, missing.code) == (404, "unknown_search")
    assert (await api.ask("DELETE", _at(NAME), manage)).status == 404


async def test_searches_come_once_and_in_order_over_their_pages(api: Api) -> None:
    manage, read = await api.token(scopes=["manage"]), await api.token(scopes=["read"])
    names = ["b", "a/b", "a b", "ä", "B"]
    for name in names:
        assert (await put(api, manage, name, {})).status == 200
    found = await pages(api, "/v1/searches?limit=2", read, "searches")
    assert [[it["name"] for it in page] for page in found] == [["B", "a b"], ["a/b", "b"], ["ä"]]


async def test_a1_a3_searches_are_the_schools_own_and_changed_by_administrators(api: Api) -> None:
    manage = await api.token(scopes=["manage"])
    assert (await put(api, manage, "mine", {})).status == 200
    theirs = await api.token(api.other, scopes=["read", "manage"])
    for method in ("GET", "DELETE"):
        answers = [await api.ask(method, _at(name), theirs) for name in ("mine", "none")]
        assert [it.status for it in answers] == [404, 404]
        assert without_address(answers[0]) == without_address(answers[1])
    assert (await api.ask("GET", "/v1/searches", theirs)).body == {"searches": []}
    for level in ("instructor", "reporter", "user"):
        token = await api.token(actor=level, scopes=["manage", "read"])
        assert (await put(api, token, "mine", {})).status == 403
        assert (await api.ask("DELETE", _at("mine"), token)).status == 403
        assert (await api.ask("GET", _at("mine"), token)).status == (
            403 if level == "user" else 200
        )
    assert (await put(api, await api.token(scopes=["read"]), "mine", {})).status == 403


async def test_b2_what_is_no_search_is_told(api: Api) -> None:
    manage = await api.token(scopes=["manage", "read"])
    for body in (
        {"curse": "moss"},
        {"status": "done"},
        {"tags": "evening"},
        {"progress_from": "5"},
        {"text": ""},
        [],
        None,
    ):
        got = await put(api, manage, "x", body)
        assert (body, got.status) == (body, 400)
    for path in ("/v1/searches/%00", f"/v1/searches/{'x' * 201}", "/v1/searches?cursor=%00"):
        got = await api.ask("GET", path, manage)
        assert (path, got.status, got.code) == (path, 400, "invalid_request")
    assert (await put(api, manage, "x", {})).status == 200
    both = await api.ask("GET", "/v1/learners?saved=x&course=moss", manage)
    assert (both.status, both.code) == (400, "invalid_request")
