"""The LearnWorlds-compatible face over real HTTP, as a client that was written for it asks it.

Its shapes are those of the OpenAPI document of LearnWorlds' API v2; see decision 51.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from uuid import UUID, uuid4

import pytest_asyncio

from contracts.directory import User
from contracts.topics import program_stream
from services.runtime.embedded.waiting import until
from services.store.directory import Directory
from services.store.log import EventLog
from tests.integration.api.acting import acting, ended
from tests.integration.api.conftest import UNUSUAL
from tests.integration.api.learnworlds import LearnWorlds
from tests.support.appended import Appender
from tests.support.programs import program, published
from tests.support.school import activity, course, day, section, sections

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.runtime.embedded import EmbeddedPostgres
    from tests.integration.api.conftest import Api

EMAIL = "Zoë.Ångström+labs@Bücher.example"
DRIPPING = sections(
    section(activity("intro"), days=7),
    section(activity("finale", "exam"), on=day(30)),
    access="drip_feed",
)


@pytest_asyncio.fixture(scope="module")
async def served(embedded_kafka: str, postgres: EmbeddedPostgres) -> AsyncIterator[Api]:
    async with acting(embedded_kafka, postgres, "projector") as api:
        yield api


@pytest_asyncio.fixture
async def client(served: Api) -> LearnWorlds:
    """Of a school of the test's own, with a user who has an e-mail address."""
    api = await served.anew()
    users = [User(school=api.school, user="u-9", email=EMAIL)]
    await Directory(api.pool).put_users(users)
    return LearnWorlds(api, await api.token(scopes=["commands", "read"]), api.school)


async def test_m4_the_whole_life_by_id_and_by_email(client: LearnWorlds) -> None:
    for user in ("u-1204", EMAIL):
        enrolled = await client.enroll(user, "biology-1", justification="Added by admin")
        assert (enrolled.status, enrolled.body["success"]) == (200, True)
        assert (await client.progress(user, "biology-1")).body == {
            "course_id": "biology-1",
            "status": "not_started",
            "progress_rate": 0,
            "average_score_rate": 0,
            "time_on_course": 0,
            "total_units": 2,
            "completed_units": 0,
            "completed_at": None,
            "progress_per_section_unit": [
                {
                    "section_id": "section-welcome",
                    "units": [_unit("welcome", "video"), _unit("cells-quiz", "exam")],
                }
            ],
        }

        some = await client.complete(user, "biology-1", ["welcome", "welcome"])
        assert some.body == {"async": True, "job_id": str(UUID(some.body["job_id"]))}
        ended = await client.end_of(some)
        assert ended == {
            "async": False,
            "job_id": some.body["job_id"],
            "status": "completed",
            "error": None,
            "code": None,
            "skipped": [],
        }
        half = (await client.progress(user, "biology-1")).body
        assert (half["status"], half["progress_rate"], half["completed_at"]) == (
            "not_completed",
            50,
            None,
        )
        assert isinstance(half["progress_rate"], int)
        assert half["completed_units"] == 1

        assert (await client.end_of(await client.complete(user, "biology-1")))["error"] is None
        whole = (await client.progress(user, "biology-1")).body
        assert (whole["status"], whole["progress_rate"]) == ("completed", 100)
        assert whole["average_score_rate"] == 100
        assert isinstance(whole["completed_at"], int)
        [_, quiz] = whole["progress_per_section_unit"][0]["units"]
        assert (quiz["unit_status"], quiz["score_on_unit"]) == ("completed", 100)

        await client.end_of(await client.reset(user, "biology-1", ["cells-quiz"]))
        [_, quiz] = (await client.progress(user, "biology-1")).body["progress_per_section_unit"][0][
            "units"
        ]
        assert quiz == _unit("cells-quiz", "exam")
        await client.end_of(await client.reset(user, "biology-1"))
        assert (await client.progress(user, "biology-1")).body["status"] == "not_started"

        listed = (await client.all_progress(user)).body
        assert [it["course_id"] for it in listed["data"]] == ["biology-1"]
        gone = await client.unenroll(user, "biology-1")
        assert (gone.status, gone.body) == (204, None)
        assert (await client.all_progress(user)).body["data"] == []


def _unit(id_: str, kind: str) -> dict[str, Any]:
    """As it is before anything has happened in it."""
    return {
        "unit_section_name": "section-welcome",
        "unit_id": id_,
        "unit_name": id_,
        "unit_type": kind,
        "unit_status": "not_completed",
        "unit_duration": None,
        "time_on_unit": 0,
        "score_on_unit": None,
        "unit_progress_rate": 0,
    }


async def test_the_contents_of_a_course_have_every_field_of_theirs(client: LearnWorlds) -> None:
    got = await client.contents("biology-1")
    unit = {"id": "welcome", "title": "welcome", "subtitle": ""}
    assert got.body["sections"][0]["learningUnits"][0] == unit | {"type": "video", "icon": "video"}
    assert got.body["sections"][0]["drip"] is None

    appender = Appender(EventLog(client.api.pool))
    await appender.published(DRIPPING, client.api.school, "slow")
    first, last = (await client.contents("slow")).body["sections"]
    silent = {"notify": False, "subject": None, "body": None}
    assert first == {
        "id": "section-intro",
        "title": "section-intro",
        "description": None,
        "access": "private",
        "drip": {"type": "days", "days": 7, "date": None, **silent},
        "learningUnits": [
            {"type": "video", "id": "intro", "icon": "video", "title": "intro", "subtitle": ""}
        ],
    }
    at = int(day(30).timestamp())
    assert last["drip"] == {"type": "date", "days": None, "date": at, **silent}


async def test_pages_have_their_meta_and_end_with_an_empty_one(client: LearnWorlds) -> None:
    appender = Appender(EventLog(client.api.pool))
    names = [f"c-{number:02}" for number in range(23)]
    for name in names:
        await appender.published(course(activity("a")), client.api.school, name)
    enrolled = await asyncio.gather(*(client.enroll("u-1", name) for name in names))
    assert {it.status for it in enrolled} == {200}
    seen: list[str] = []
    for page, size in ((1, 20), (2, 3), (3, 0)):
        got = (await client.all_progress("u-1", f"?page={page}")).body
        total = {"totalItems": 23, "totalPages": 2}
        assert got["meta"] == {"page": page, "itemsPerPage": 20, **total}
        assert len(got["data"]) == size
        seen += [it["course_id"] for it in got["data"]]
    assert seen == names
    few = (await client.all_progress("u-1", "?page=5&items_per_page=5")).body
    assert [it["course_id"] for it in few["data"]] == names[20:]
    for wrong in ("page=0", "items_per_page=201", "items_per_page=x"):
        got = await client.all_progress("u-1", f"?{wrong}")
        assert (got.status, got.body["code"]) == (422, "invalid_request")
        assert wrong.partition("=")[0] in got.body["error"]


async def test_b1_sent_ten_times_it_is_done_once(client: LearnWorlds) -> None:
    for _ in range(10):
        assert (await client.enroll("u-1204", "biology-1")).body["success"] is True
    ends = [await client.end_of(await client.complete("u-1204", "biology-1")) for _ in range(10)]
    assert Counter((it["status"], it["code"]) for it in ends) == {
        ("completed", None): 1,
        ("failed", "already_complete"): 9,
    }
    again = {"Idempotency-Key": "once"}
    sent = [await client.complete("u-1204", "biology-1", **again) for _ in range(10)]
    assert {it.body["job_id"] for it in sent} == {"once"}
    other = await client.complete("u-1204", "biology-1", ["welcome"], **again)
    assert (other.status, other.body["code"]) == (422, "command_id_reused")
    for _ in range(10):
        assert (await client.unenroll("u-1204", "biology-1")).status == 204
    assert await _happened(client, "u-1204", events=5) == {
        "learner_enrolled": 1,
        "activity_completed": 2,
        "course_completed": 1,
        "learner_unenrolled": 1,
    }


async def _happened(client: LearnWorlds, learner: str, events: int) -> Counter[str]:
    """How often what happened, once the view has so many events."""
    found: Counter[str] = Counter()

    async def are_there() -> bool:
        nonlocal found
        path = f"/v1/learners/{learner}/events?limit=200"
        got = await client.api.ask("GET", path, client.token)
        found = Counter(it["type"].split(".")[2] for it in got.body.get("events", []))
        return found.total() >= events

    assert await until(are_there, within=30, every=0.1), found
    return found


async def test_b12_a_bundle_is_a_learning_programme(client: LearnWorlds) -> None:
    api, appender = client.api, Appender(EventLog(client.api.pool))
    await appender.published(course(activity("a")), api.school, "first-aid")
    made = program("biology-1", "first-aid", school=api.school)
    await appender.append([(program_stream(api.school, made.program), published(made))])

    enrolled = await client.enroll("u-2", made.program, "bundle", justification="Added by admin")
    assert (enrolled.status, enrolled.body["success"], enrolled.body["error"]) == (200, True, None)
    listed = (await client.all_progress("u-2")).body["data"]
    assert [it["course_id"] for it in listed] == ["biology-1", "first-aid"]
    assert (await client.end_of(enrolled))["status"] == "completed"
    path, key = "/users/u-2/enrollment", {"Idempotency-Key": "no/operation"}
    body = {"productId": made.program, "productType": "bundle", "price": "100.23"}
    named = await client.ask("POST", path, body, key)
    assert (named.status, named.body["code"]) == (422, "invalid_request")
    assert (await client.ask("POST", path, body)).body["success"] is True
    unknown = await client.enroll("u-2", "no-such", "bundle")
    assert (unknown.status, unknown.body["code"]) == (404, "unknown_program")
    for got in (
        await client.unenroll("u-2", made.program, "bundle"),
        await client.enroll("u-2", "gold", "subscription"),
    ):
        assert (got.status, got.body["code"]) == (422, "no_such_product")


async def test_b2_what_is_known_at_once_is_refused_at_once_and_the_rest_in_the_job(
    client: LearnWorlds,
) -> None:
    assert (await client.enroll("u-1204", "biology-1")).status == 200
    for got, status, code in (
        (await client.complete("nobody", "biology-1"), 404, "unknown_learner"),
        (await client.complete("nobody@nowhere.example", "biology-1"), 404, "unknown_learner"),
        (await client.complete("u-1204", "none"), 404, "unknown_course"),
        (await client.complete("u-1204", "a b"), 404, "unknown_course"),
        (await client.complete("u-1204", "biology-1", ["none"]), 422, "unknown_activity"),
        (await client.reset("u-1204", "biology-1", ["none"]), 422, "unknown_activity"),
        (await client.enroll("u-1204", "none"), 404, "unknown_course"),
        (await client.unenroll("u-1204", "none"), 404, "unknown_course"),
        (await client.contents("none"), 404, "unknown_course"),
        (await client.progress("u-1205", "biology-1"), 404, "no_record"),
        (await client.ask("GET", "/jobs/none"), 404, "unknown_job"),
        (await client.ask("GET", "/nothing"), 404, "not_found"),
        (await client.ask("PUT", "/courses/biology-1/contents"), 405, "method_not_allowed"),
    ):
        assert (got.status, got.body["code"]) == (status, code), got.body
        assert got.body.keys() == {"error", "code"}
        assert got.headers["Content-Type"] == "application/json"
    other = await client.ask("PUT", "/users/u-1204/enrollment")
    assert (other.status, other.headers["Allow"]) == (405, "DELETE, POST")
    for taken, code in (
        (await client.reset("u-1204", "biology-1"), "nothing_to_reset"),
        (await client.complete("u-1205", "biology-1"), "not_enrolled"),
    ):
        ended = await client.end_of(taken)
        assert (ended["status"], ended["code"]) == ("failed", code)
        assert ended["error"]


async def test_b5_a_job_whose_preview_was_swept_is_not_there(client: LearnWorlds) -> None:
    api, asked = client.api, {"learners": ["u-1204"], "courses": ["biology-1"], "dry_run": True}
    begun = await api.command(
        "bulk-enroll", client.token, "preview", asked | {"operation": "pre-1"}, wait=30
    )
    assert begun.status == 200, begun.body
    await ended(api, "pre-1", client.token)
    assert (await client.ask("GET", "/jobs/preview")).body["status"] == "completed"
    sweep = "delete from operations where school = $1 and operation = 'pre-1'"
    assert await api.pool.execute(sweep, api.school) == "DELETE 1"
    gone = await client.ask("GET", "/jobs/preview")
    assert (gone.status, gone.body["code"]) == (404, "unknown_operation")


async def test_bodies_that_are_none_are_told_as_theirs_are(client: LearnWorlds) -> None:
    path = "/users/u-1204/courses/biology-1/complete"
    email = {"send_course_complete_email": False}
    for body, field in (
        ({}, "units"),
        ({"units": []}, "send_course_complete_email"),
        (email | {"units": None}, "units"),
        (email | {"units": "welcome"}, "units"),
        (email | {"units": ["a/b"]}, "units"),
        (email | {"units": ["a"] * 1_001}, "units"),
        ({"send_course_complete_email": "false", "units": []}, "send_course_complete_email"),
    ):
        got = await client.ask("POST", path, body)
        assert (got.status, got.body["code"]) == (422, "invalid_request")
        assert field in got.body["error"]
    for body in ({"productId": "x"}, {"productId": "x", "productType": "cake"}, {"price": {}}):
        got = await client.ask("POST", "/users/u-1204/enrollment", body)
        assert (got.status, got.body["code"]) == (422, "invalid_request")
    raw = await client.api.ask("POST", f"/admin/api/v2{path}", client.token, data=b"units=1")
    assert raw.status == 400
    [entry] = raw.body["errors"]
    assert (raw.body["success"], entry["code"], entry["context"]) == (False, "400", "not_json")


async def test_a1_whoever_may_not_learns_nothing_of_who_is_there(client: LearnWorlds) -> None:
    token = await client.api.token(actor="u-1", scopes=["commands", "read"])
    user = client._replace(token=token)
    await Directory(client.api.pool).put_users(
        [User(school=client.api.school, user="u-1", email="own@school.example")]
    )
    for name in ("u-1204", "nobody", EMAIL, "nobody@nowhere.example"):
        for got in (
            await user.complete(name, "biology-1"),
            await user.reset(name, "biology-1"),
            await user.enroll(name, "biology-1"),
            await user.unenroll(name, "biology-1"),
            await user.progress(name, "biology-1"),
            await user.all_progress(name),
        ):
            [entry] = got.body["errors"]
            assert (got.status, got.body["success"]) == (403, False)
            assert (entry["code"], entry["context"]) == ("403", "not_permitted")
    assert (await user.all_progress("Own@School.example")).status == 200
    assert (await user.complete("u-1", "biology-1")).status == 403
    reader = client._replace(token=await client.api.token(scopes=["read"]))
    assert (await reader.complete("u-1204", "biology-1")).status == 403
    nobody = await client._replace(token=token[:-1]).contents("biology-1")
    [entry] = nobody.body["errors"]
    assert (nobody.status, entry["code"], entry["context"]) == (401, "401", "unauthorized")
    assert nobody.headers["WWW-Authenticate"] == "Bearer"


async def test_a3_another_schools_ids_and_addresses_are_as_if_they_were_not_there(
    client: LearnWorlds,
) -> None:
    api = client.api
    theirs = User(school=api.other, user="u-theirs", email="theirs@lake.example")
    await Directory(api.pool).put_users([theirs])
    await Appender(EventLog(api.pool)).published(course(activity("a")), api.other, "theirs")
    there = LearnWorlds(api, await api.token(api.other, scopes=["commands", "read"]), api.other)
    assert (await there.enroll("u-theirs", "theirs")).status == 200
    job = (await there.complete("u-theirs", "theirs")).body["job_id"]

    for pair in (
        [await client.complete(it, "biology-1") for it in ("u-theirs", "u-none")],
        [
            await client.progress(it, "biology-1")
            for it in ("theirs@lake.example", "n@lake.example")
        ],
        [await client.enroll("u-1204", it) for it in ("theirs", "none")],
        [await client.contents(it) for it in ("theirs", "none")],
        [await client.ask("GET", f"/jobs/{it}") for it in (job, str(uuid4()))],
    ):
        assert [it.status for it in pair] == [404, 404]
        said = [str(it.body).replace("theirs", "X").replace("none", "X") for it in pair]
        assert said[0] == said[1]
    for school in (api.other, "no-such-school"):
        got = await client._replace(school=school).contents("biology-1")
        assert (got.status, got.body["errors"][0]["context"]) == (403, "not_permitted")
        assert school not in str(got.body)
    assert (await client._replace(school=None).contents("biology-1")).status == 200


async def test_addresses_in_any_spelling_name_one_user_and_ids_come_first(
    client: LearnWorlds,
) -> None:
    api = client.api
    await Directory(api.pool).put_users(
        [
            User(school=api.school, user="twin-1", email="twin@school.example"),
            User(school=api.school, user="twin-2", email="TWIN@school.example"),
            User(school=api.school, user="odd", email="a/b/progress@school.example"),
            User(school=api.school, user="id@school.example"),
            User(school=api.school, user="shadow", email="id@school.example"),
        ]
    )
    both = await client.complete("Twin@School.Example", "biology-1")
    assert (both.status, both.body["code"]) == (422, "ambiguous_user")
    assert both.body["error"].startswith("2 users have this e-mail address")
    apart = normalize("NFD", EMAIL)
    strange = "a/b/progress@school.example", UNUSUAL
    for spelled in (EMAIL, EMAIL.lower(), EMAIL.upper(), apart, *strange):
        assert (await client.enroll(spelled, "biology-1")).status == 200, spelled
        assert (await client.progress(spelled, "biology-1")).status == 200, spelled
    assert (await client.enroll("id@school.example", "biology-1")).status == 200
    assert (await client.all_progress("shadow")).body["data"] == []
    assert len((await client.all_progress("id@school.example")).body["data"]) == 1
    for name in ("\0", "a\0@b.example", "%", "x" * 400, "é"):
        assert (await client.all_progress(name)).status == 404


async def test_the_audit_log_has_ids_and_no_email_address(client: LearnWorlds) -> None:
    api = client.api
    assert (await client.enroll(EMAIL, "biology-1")).status == 200
    assert (await client.complete("nobody@nowhere.example", "biology-1")).status == 404
    reader = client._replace(token=await api.token(scopes=["read"]))
    assert (await reader.complete(EMAIL, "biology-1")).status == 403
    rows: list[Any] = []

    async def are_there() -> bool:
        sql = "select * from audit_log where school = $1"
        rows[:] = await api.pool.fetch(sql, api.school)
        return len(rows) >= 3

    assert await until(are_there, within=30), rows
    named = Counter(json.loads(it["ids"])["user"] for it in rows)
    assert named == {"u-9": 1, "(an e-mail address)": 2}
    assert "example" not in str([dict(it) for it in rows])
