"""Users by ids and e-mail addresses over real HTTP: of the caller's school alone (A3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.directory import User
from services.store.directory import Directory

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api


async def test_users_are_found_by_id_or_address_and_in_the_own_school_alone(api: Api) -> None:
    named = [
        User(school=api.school, user="sam", name="Sam Okafor", email="Ü.Sam@School.example"),
        User(school=api.school, user="one", email="both@school.example"),
        User(school=api.school, user="two", email="both@school.example"),
        User(school=api.other, user="theirs", email="theirs@school.example"),
    ]
    await Directory(api.pool).put_users(named)
    token = await api.token(actor="reporter", scopes=["read"])
    names = ["ü.sam@school.example", "u-1204", "u-1204", "both@school.example", "theirs"]
    names += ["theirs@school.example", "nobody", "' or 1=1 --"]
    got = await api.ask("POST", "/v1/find-users", token, json={"names": names})
    assert got.status == 200, got.body
    assert [(it["asked"], it["user"]) for it in got.body["users"]] == [
        ("ü.sam@school.example", "sam"),
        ("u-1204", "u-1204"),
        ("both@school.example", "one"),
        ("both@school.example", "two"),
    ]
    assert got.body["users"][0]["name"] == "Sam Okafor"


async def test_users_are_found_by_those_alone_who_may_read_of_the_whole_school(api: Api) -> None:
    body = {"names": ["u-1204"]}
    for level in ("seat_manager", "user", "u-1204"):
        token = await api.token(actor=level, scopes=["read"])
        refused = await api.ask("POST", "/v1/find-users", token, json=body)
        assert (level, refused.status, refused.code) == (level, 403, "not_permitted")
    for names in ([], [""], ["x"] * 1_001, ["a\0b"], "u-1204", [5], None):
        token = await api.token(actor="admin", scopes=["read"])
        refused = await api.ask("POST", "/v1/find-users", token, json={"names": names})
        assert (names, refused.status, refused.code) == (names, 400, "invalid_request")
