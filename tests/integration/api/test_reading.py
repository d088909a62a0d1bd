"""Reads over real HTTP: who may read whom, pages, and what another school sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from services.api.web.position import told
from services.projector.runtime import Projector
from services.store.log import EventLog
from services.store.records import Position
from tests.integration.api.conftest import UNUSUAL, encoded, serving, without_address
from tests.integration.api.test_commands import MARK, OF
from tests.support.pages import pages

if TYPE_CHECKING:
    from tests.integration.api.conftest import Api

MINE = "/v1/learners/u-1204"


@pytest_asyncio.fixture(scope="module")
async def api(running: Api) -> Api:
    """One learner has been marked complete, and one enrolled."""
    token = await running.token()
    for key, name, body in (
        ("e-1", "enroll-learner", OF),
        ("m-1", "mark-complete", MARK),
        ("e-2", "enroll-learner", OF | {"learner": UNUSUAL}),
    ):
        done = await running.command(name, token, key, body, wait=30)
        assert done.status == 200, done.body
    await Projector(EventLog(running.pool)).catch_up()
    return running


async def test_m6_a_learners_courses_say_how_each_was_completed(api: Api) -> None:
    token = await api.token(actor="reporter", scopes=["read"])
    got = await api.ask("GET", f"{MINE}/courses", token)
    [course] = got.body["courses"]
    told = {name: course[name] for name in ("course", "status", "progress_rate", "provenance")}
    assert told == {
        "course": "biology-1",
        "status": "completed",
        "progress_rate": 100.0,
        "provenance": "manual",
    }
    assert course["manually_completed"] is True
    again = await api.ask("GET", f"{MINE}/courses", token, {"If-None-Match": got.headers["ETag"]})
    assert (again.status, again.body) == (304, None)
    assert got.headers["Cache-Control"] == "private, no-cache"
    unusual = await api.ask("GET", f"/v1/learners/{encoded(UNUSUAL)}/courses", token)
    assert [it["status"] for it in unusual.body["courses"]] == ["not_started"]
    assert (await api.ask("GET", "/v1/learners/u-1205/courses", token)).body == {"courses": []}


async def test_m6_the_events_log_goes_on_page_by_page(api: Api) -> None:
    token = await api.token(scopes=["read"])
    whole = await api.ask("GET", f"{MINE}/events", token)
    assert [it["manually"] for it in whole.body["events"]] == [True, True, True, False]
    assert "Link" not in whole.headers
    told = await pages(api, f"{MINE}/events?course=biology-1&limit=3", token, "events")
    assert [len(it) for it in told] == [3, 1]
    assert [it for page in told for it in page] == whole.body["events"]
    assert (await api.ask("GET", f"{MINE}/events?course=other", token)).body == {"events": []}


async def test_roles_read_their_school_and_everybody_themselves(api: Api) -> None:
    for level, status in (
        ("admin", 200),
        ("instructor", 200),
        ("reporter", 200),
        ("seat_manager", 403),
        ("user", 403),
        ("nobody-known", 403),
        ("u-1204", 200),
    ):
        token = await api.token(actor=level, scopes=["read"])
        for path in (f"{MINE}/courses", f"{MINE}/events"):
            got = await api.ask("GET", path, token)
            assert (level, got.status) == (level, status)
    own = await api.token(actor="u-1204", scopes=["read"])
    for path in ("/v1/operations", "/v1/operations/o-1", "/v1/operations/o-1/rows"):
        assert (await api.ask("GET", path, own)).status == 403


async def test_a3_what_is_another_schools_is_as_if_it_were_not_there(api: Api) -> None:
    ours, theirs = await api.token(), await api.token(api.other)
    operation = {"operation": "o-1", "learners": ["u-1204"], "courses": ["biology-1"]}
    assert (await api.command("bulk-enroll", ours, "b-1", operation, wait=30)).status == 200
    for shape, there in (
        ("/v1/learners/{}/courses", "u-1204"),
        ("/v1/learners/{}/events", "u-1204"),
        ("/v1/operations/{}", "o-1"),
        ("/v1/operations/{}/rows", "o-1"),
        ("/v1/results/{}", "e-1"),
    ):
        assert (await api.ask("GET", shape.format(there), ours)).status == 200
        answers = [await api.ask("GET", shape.format(id_), theirs) for id_ in (there, "none")]
        assert [it.status for it in answers] == [404, 404]
        assert without_address(answers[0]) == without_address(answers[1])
    assert (await api.ask("GET", "/v1/operations", theirs)).body == {"operations": []}
    [mine] = (await api.ask("GET", "/v1/operations?state=running&state=validating", ours)).body[
        "operations"
    ]
    assert mine["operation"] == "o-1"


async def test_b2_parameters_that_are_none_are_told(api: Api) -> None:
    token = await api.token()
    for path in (
        f"{MINE}/events?limit=0",
        f"{MINE}/events?limit=201",
        f"{MINE}/events?limit=x",
        f"{MINE}/events?cursor=a:b",
        f"{MINE}/events?cursor=-1:0",
        f"{MINE}/events?cursor={10**30}:1",
        f"{MINE}/events?course=a%2Fb",
        "/v1/learners/~courses/courses",
        "/v1/learners/a%20b/courses",
        "/v1/learners/%00/courses",
        "/v1/operations?state=nothing",
        "/v1/operations?cursor=yesterday",
        "/v1/operations?cursor=2024-05-01T00:00:00",
        f"/v1/operations/{'x' * 129}",
        "/v1/results/%00",
        "/v1/results/a%20b",
    ):
        got = await api.ask("GET", path, token)
        assert (path, got.status, got.code) == (path, 400, "invalid_request")
    wrong = await api.ask("GET", f"{MINE}/events?limit=x&course=a%20b", token)
    assert [it["field"] for it in wrong.body["problems"]] == ["course", "limit"]
    assert "limit: has to be a whole number." in wrong.body["detail"]


async def test_before_a_view_is_built_a_read_says_so(
    embedded_kafka: str, database_url: str, topic_prefix: str
) -> None:
    async with serving(embedded_kafka, database_url, topic_prefix) as new:
        for headers in ({}, told(Position(1, 1))):
            got = await new.ask("GET", f"{MINE}/courses", await new.token(), headers)
            assert (got.status, got.code, got.headers["Retry-After"]) == (503, "not_ready", "60")
