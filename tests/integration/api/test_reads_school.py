"""Reads of a school over real HTTP: search, events, catalogue, due dates, reports, insights."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from contracts.client import AsyncClient
from contracts.directory import User
from contracts.envelope import timestamp
from contracts.topics import Stream, awards_stream, program_stream
from services.projector.runtime import Projector
from services.store.directory import Directory
from services.store.log import EventLog
from services.views import events_log, progress
from services.views.events_log import EventsLogView
from services.views.insights import InsightsView
from services.views.progress import ProgressView
from services.views.reports import ReportsView
from tests.integration.api.conftest import UNUSUAL, without_address
from tests.support.announcing import keep
from tests.support.appended import Appender
from tests.support.happened import (
    course_completed,
    course_reset,
    earned,
    enrolled,
    marked,
    spent,
    submitted,
    visited,
)
from tests.support.pages import next_of, pages
from tests.support.programs import awarded, program, published
from tests.support.recertifying import recertification
from tests.support.school import activity, course, day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.integration.api.conftest import Api

MOSS, FERNS = "moss", "fernsä?&"
PROGRAM = "p-gréen"
LEARNERS = ("l-1", "l-2", "l-3", "l-4", UNUSUAL)
NOON = timedelta(hours=12)


@pytest_asyncio.fixture(scope="module")
async def api(running: Api) -> Api:
    """Five learners: all in moss, of whom two completed it and one was reset; one in ferns too."""
    school, log = running.school, EventLog(running.pool)
    appender = Appender(log)
    users = [
        User(school=school, user=it, name=f"Name of {it}", email=f"x{nth}@river.example")
        for nth, it in enumerate(LEARNERS)
    ]
    await Directory(running.pool).put_users(users)
    structure = course(activity("read"), activity("quiz", "exam"))
    for name in (MOSS, FERNS):
        await appender.published(structure, school, name)
    await appender.append(
        [
            (program_stream(school, it.program), published(it))
            for it in (
                program(MOSS, FERNS, school=school, program=PROGRAM, title="Green"),
                program(MOSS, school=school, program="p-2"),
            )
        ]
    )

    async def happened(learner: str, name: str, on: float, *drafts: Any, **common: Any) -> None:
        common = {"recorded_at": day(on), "effective_at": day(on)} | common
        await appender.happened(*drafts, to=Stream(school, learner, name), **common)

    for number, learner in enumerate(LEARNERS):
        await happened(learner, MOSS, number, enrolled(), spent("read", 60 * (number + 1)))
    await happened("l-1", MOSS, 10, visited("read"), earned("read"), submitted("quiz", 80.0))
    await happened("l-1", MOSS, 11, earned("quiz", "exam", 80.0))
    await happened("l-1", MOSS, 11, course_completed("earned", average=80.0))
    by_admin = {"actor": "admin", "source": "api"}
    await happened("l-2", MOSS, 12, marked("read"), marked("quiz", "exam", 100.0), **by_admin)
    await happened("l-2", MOSS, 12, course_completed("manual", average=100.0), **by_admin)
    await happened("l-2", MOSS, 20, course_reset(2, reopens=True), **by_admin)
    await happened("l-3", FERNS, 21, enrolled())
    await appender.append(
        [
            (
                awards_stream(school, "l-1"),
                awarded(school=school, learner="l-1", program="p-2", recorded_at=day(22)),
            )
        ]
    )
    await keep(log, recertification(school=school, course=MOSS))
    await Projector(log).catch_up()
    return running


async def lines(api: Api, path: str, token: str | None = None, **query: Any) -> Any:
    """The answer's body."""
    asked = f"?{urlencode(query, doseq=True)}" if query else ""
    got = await api.ask("GET", f"{path}{asked}", token or await api.token())
    assert got.status == 200, got.body
    return got.body


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"course": MOSS}, LEARNERS),
        ({"course": FERNS}, ["l-3"]),
        ({"course": MOSS, "status": "completed"}, ["l-1"]),
        ({"course": MOSS, "completed_from": timestamp(day(12))}, ["l-2"]),
        ({"manually_completed": "true"}, ["l-2"]),
        ({"manually_completed": "false", "course": MOSS}, ["l-1"]),
        ({"enrolled_from": timestamp(day(2)), "enrolled_to": timestamp(day(3))}, ["l-3"]),
        ({"attempt": "2"}, ["l-2"]),
        ({"inactive_since": "2024-05-04", "course": MOSS}, ["l-2", "l-3"]),
        ({"progress_from": "0.5", "progress_to": "100"}, ["l-1"]),
        ({"text": "x4@RIVER"}, [UNUSUAL]),
        ({"role_level": "reporter"}, ["reporter"]),
    ],
    ids=lambda it: next(iter(it)) if isinstance(it, dict) else "",
)
async def test_r3_learners_are_found_by_every_criterion(
    api: Api, query: Mapping[str, str], ids: list[str]
) -> None:
    found = await lines(api, "/v1/learners", **query)
    assert [it["learner"] for it in found["learners"]] == sorted(ids)
    assert (found["total"], found["exact"]) == (len(ids), True)


async def test_m6_a_learner_who_is_found_comes_with_the_records_that_match(api: Api) -> None:
    found = await lines(api, "/v1/learners", course=MOSS, manually_completed="true")
    assert found["learners"] == [
        {
            "learner": "l-2",
            "name": "Name of l-2",
            "email": "x1@river.example",
            "role_level": "user",
            "tags": [],
            "records": [
                {
                    "course": MOSS,
                    "enrolled": True,
                    "attempt": 2,
                    "status": "not_started",
                    "progress_rate": 0.0,
                    "active_on": "2024-05-02",
                    "enrolments": [timestamp(day(1))],
                    "completions": [
                        {
                            "attempt": 1,
                            "completed_at": timestamp(day(12)),
                            "provenance": "manual",
                            "manually_completed": True,
                        }
                    ],
                }
            ],
        }
    ]


async def test_lists_come_whole_and_once_over_their_pages(api: Api) -> None:
    token = await api.token()
    for path, name, key, size in (
        ("/v1/learners", "learners", "learner", 3),
        ("/v1/events", "events", None, 4),
        ("/v1/learners/l-2/events", "events", None, 2),
        ("/v1/courses", "courses", "course", 1),
        ("/v1/programs", "programs", "program", 1),
        (f"/v1/programs/{'p-gr%C3%A9en'}/learners", "learners", "learner", 2),
        ("/v1/reports/learners", "learners", "learner", 2),
        ("/v1/due?before=2026-01-01T00:00:00Z", "due", "learner", 1),
    ):
        mark = "&" if "?" in path else "?"
        [whole] = await pages(api, f"{path}{mark}limit=50", token, name)
        found = await pages(api, f"{path}{mark}limit={size}", token, name)
        assert whole, path
        assert [it for page in found for it in page] == whole, path
        assert {len(page) for page in found[:-1]} <= {size}, path
        if key is not None:
            assert [it[key] for it in whole] == sorted({it[key] for it in whole}), path


async def test_the_events_of_the_school_are_told_by_what_is_asked(api: Api) -> None:
    whole = (await lines(api, "/v1/events"))["events"]
    entries = await EventsLogView(api.pool).entries_of_school(api.school, 1_000)
    assert [(it["learner"], it["version"]) for it in whole] == [
        (it.learner, it.version) for it in entries
    ]
    for query, holds in (
        ({"course": FERNS}, lambda it: it["course"] == FERNS),
        ({"learner": "l-2"}, lambda it: it["learner"] == "l-2"),
        ({"learner": "l-2", "actor": "admin"}, lambda it: it.get("actor") == "admin"),
        ({"actor": "admin"}, lambda it: it.get("actor") == "admin"),
        (
            {"type": ["course_completed", "coursemark.progress.progress_reset.v1"]},
            lambda it: it["type"].split(".")[2] in {"course_completed", "progress_reset"},
        ),
        (
            {"since": timestamp(day(10)), "until": timestamp(day(12))},
            lambda it: timestamp(day(10)) <= it["recorded_at"] < timestamp(day(12)),
        ),
        ({"course": "none"}, lambda _: False),
    ):
        told = (await lines(api, "/v1/events", **query))["events"]
        assert told == [it for it in whole if holds(it)], query
    assert [it["manually"] for it in whole if it.get("actor") == "admin"] == [
        *(False, True, True, True),
    ]


async def test_the_events_log_is_read_in_stretches_whatever_is_asked(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that found nothing leads on; each entry comes once."""
    token = await api.token()
    asked = f"/v1/events?{urlencode({'course': FERNS})}"
    [whole] = await pages(api, asked, token, "events")
    monkeypatch.setattr(events_log, "STRETCH", 3)
    found = await pages(api, asked, token, "events")
    assert len(found) > 4
    assert [] in found
    assert [it for page in found for it in page] == whole
    every = await pages(api, "/v1/events?limit=2", token, "events")
    days = {}
    for number in (-1, 0, 2, 10, 11, 20, 30):
        query = {"since": timestamp(day(number)), "until": timestamp(day(number + 1))}
        days[number] = await pages(api, f"/v1/events?{urlencode(query)}", token, "events")
    monkeypatch.undo()
    whole = (await lines(api, "/v1/events"))["events"]
    assert [it for page in every for it in page] == whole
    for number, found in days.items():
        told = [it for page in found for it in page]
        since, until = timestamp(day(number)), timestamp(day(number + 1))
        assert told == [it for it in whole if since <= it["recorded_at"] < until], number
        assert len(found) <= len(told) / 3 + 2, "stretches before and behind are left alone"


async def test_activities_are_read_in_stretches_of_records(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records without any are passed: a page may be empty and lead on; each row comes once."""
    api = await api.anew()
    appender, log, token = Appender(EventLog(api.pool)), EventLog(api.pool), await api.token()
    for name in ("a-empty", MOSS, "z-empty"):
        for learner in LEARNERS[:4]:
            active = name == MOSS and learner in {"l-2", "l-4"}
            did = [visited("read"), visited("quiz"), visited("lab")] if active else []
            await appender.happened(enrolled(), *did, to=Stream(api.school, learner, name))
    await Projector(log).catch_up()
    [whole] = await pages(api, "/v1/activities", token, "activities")
    assert [(it["learner"], it["activity"]) for it in whole] == [
        (learner, it) for learner in ("l-2", "l-4") for it in ("lab", "quiz", "read")
    ]
    for stretch in (1, 3):
        monkeypatch.setattr(progress, "STRETCH", stretch)
        for query in ("", "?limit=1", "?limit=2", f"?course={MOSS}", f"?course={MOSS}&limit=3"):
            found = await pages(api, f"/v1/activities{query}", token, "activities")
            assert [it for page in found for it in page] == whole, (stretch, query)
            assert ([] in found) is (stretch == 1 or "course" not in query), (stretch, query)
    empty = await pages(api, "/v1/activities?course=a-empty", token, "activities")
    assert empty == [[], []], "records of other courses are left alone"
    async with AsyncClient(api.where, token) as client:
        told = [it.activity async for it in client.activities(limit=2)]
    assert told == [it["activity"] for it in whole], "the client goes on over empty pages"


async def test_b9_the_catalogue_is_what_was_published(api: Api) -> None:
    listed = (await lines(api, "/v1/courses"))["courses"]
    assert [it["course"] for it in listed] == sorted(["biology-1", MOSS, FERNS])
    moss = next(it for it in listed if it["course"] == MOSS)
    assert moss == {
        "course": MOSS,
        "version": 1,
        "access": "free",
        "sections": 1,
        "activities": 2,
        "required": 2,
        "published_at": timestamp(day(0)),
    }
    one = await lines(api, f"/v1/courses/{MOSS}")
    [section] = one["sections"]
    assert [(it["activity"], it["type"]) for it in section["activities"]] == [
        ("read", "video"),
        ("quiz", "exam"),
    ]
    newer = course(activity("read"), activity("quiz", "exam"), activity("lab"), version=7)
    appender = Appender(EventLog(api.pool))
    await appender.published(course(activity("read")), api.school, "later")
    await appender.published(newer, api.school, "later")
    assert (await lines(api, "/v1/courses/later"))["version"] == 7


async def test_b12_programmes_say_who_is_in_them_and_how_far(api: Api) -> None:
    one = await lines(api, "/v1/programs/p-gr%C3%A9en")
    assert (one["courses"], one["required"], one["title"]) == (
        [MOSS, FERNS],
        [MOSS, FERNS],
        "Green",
    )
    listed = (await lines(api, "/v1/programs"))["programs"]
    assert [(it["program"], it["courses"], it["completed"]) for it in listed] == [
        ("p-2", 1, 1),
        (PROGRAM, 2, 0),
    ]
    for name, required in (("p-gr%C3%A9en", 2), ("p-2", 1)):
        learners = (await lines(api, f"/v1/programs/{name}/learners"))["learners"]
        assert [(it["learner"], it["completed"], it["required"]) for it in learners] == [
            (it, int(it == "l-1"), required) for it in sorted(LEARNERS)
        ]
    [first, *others] = learners
    assert (first["name"], first["provenance"], first["completed_version"]) == (
        "Name of l-1",
        "earned",
        1,
    )
    assert not any("completed_at" in it for it in others)
    mine = (await lines(api, "/v1/learners/l-1/programs"))["programs"]
    assert [(it["program"], it["completed"], it["missing"]) for it in mine] == [
        ("p-2", 1, []),
        (PROGRAM, 1, [FERNS]),
    ]
    card = await lines(api, "/v1/learners/l-1")
    assert card["programs"] == mine


async def test_b12_due_dates_are_told_with_names(api: Api) -> None:
    due = (await lines(api, "/v1/due", before="2026-01-01T00:00:00Z"))["due"]
    assert due == [
        {
            "due_at": timestamp(day(376) + NOON),
            "overdue": True,
            "learner": "l-1",
            "name": "Name of l-1",
            "email": "x0@river.example",
            "course": MOSS,
            "completed_at": timestamp(day(11)),
            "attempt": 1,
            "schedule": "yearly",
        }
    ]
    [card] = (await lines(api, "/v1/learners/l-1"))["courses"]
    assert card["due"] == {
        "due_at": timestamp(day(376) + NOON),
        "schedule": "yearly",
        "overdue": True,
    }
    assert (await lines(api, "/v1/due", course="none"))["due"] == []


async def test_r3_reports_are_what_the_views_hold(api: Api) -> None:
    view, school = ReportsView(api.pool), api.school
    for by in ([], ["course"], ["activity", "month"]):
        told = await lines(api, "/v1/reports/time", by=by)
        assert _without_nothing(told["lines"]) == _as_told(await view.time(school, by))
    assert (await lines(api, "/v1/reports/time", learner="l-2"))["lines"] == [{"seconds": 120}]
    [total] = (await lines(api, "/v1/reports/time", course=MOSS))["lines"]
    assert total == {"seconds": 60 * (1 + 2 + 3 + 4 + 5)}
    for by in ([], ["day", "course"], ["provenance", "administrator"]):
        told = await lines(api, "/v1/reports/counts", by=by, course=MOSS)
        expected = _as_told(await view.counts(school, by, course=MOSS))
        assert _without_nothing(told["lines"]) == expected
    some = await lines(
        api, "/v1/reports/counts", kind="course_completed", since="2024-05-12", until="2024-05-12"
    )
    assert some == {"lines": [{"kind": "course_completed", "number": 1}], "more": False}
    cut = await lines(api, "/v1/reports/counts", by="day", limit=2)
    assert (len(cut["lines"]), cut["more"]) == (2, True)


async def test_r3_insights_are_what_the_views_hold(api: Api) -> None:
    view, school = InsightsView(api.pool), api.school
    for path, found in (
        ("funnel", await view.funnel(school)),
        ("activities", await view.activity_funnel(school)),
        ("days", await view.days(school)),
        ("standing", await view.standing(school)),
    ):
        told = await lines(api, f"/v1/insights/{path}")
        assert _without_nothing(told["lines"]) == _as_told(found), path
        assert told["more"] is False
    funnel = (await lines(api, "/v1/insights/funnel", course=MOSS))["lines"]
    assert funnel == [{"course": MOSS, "enrolled": 5, "started": 5, "completed": 2}]
    scores = await lines(api, "/v1/insights/scores", by="course")
    assert scores["mean"] == 90.0
    assert [(it["bucket"], it["below"], it["number"]) for it in scores["lines"]] == [
        (80, 85, 1),
        (95, 100, 1),
    ]


async def test_a3_another_school_sees_none_of_it(api: Api) -> None:
    theirs = await api.token(api.other)
    for path, name in (
        ("/v1/learners?course=moss", "learners"),
        ("/v1/events", "events"),
        ("/v1/programs", "programs"),
        ("/v1/due?before=2026-01-01T00:00:00Z", "due"),
        ("/v1/reports/learners", "learners"),
        ("/v1/reports/counts", "lines"),
        ("/v1/reports/time?by=course", "lines"),
        ("/v1/insights/funnel", "lines"),
        ("/v1/insights/activities", "lines"),
        ("/v1/insights/scores", "lines"),
        ("/v1/insights/days", "lines"),
        ("/v1/insights/standing", "lines"),
    ):
        assert (await lines(api, path, theirs))[name] == [], path
    assert [it["course"] for it in (await lines(api, "/v1/courses", theirs))["courses"]] == [
        "biology-1"
    ]
    for shape, there in (
        ("/v1/courses/{}", MOSS),
        ("/v1/programs/{}", "p-2"),
        ("/v1/programs/{}/learners", "p-2"),
        ("/v1/events?learner={}", "l-1"),
    ):
        answers = [await api.ask("GET", shape.format(it), theirs) for it in (there, "none")]
        assert [it.status for it in answers] == [404, 404], shape
        assert without_address(answers[0]) == without_address(answers[1])
    ours = await api.ask("GET", "/v1/learners?course=moss&limit=2", await api.token())
    following = next_of(ours.headers)
    assert following is not None
    stolen = await api.ask("GET", following, theirs)
    assert (stolen.status, stolen.code) == (400, "invalid_request")


async def test_a1_the_school_is_read_by_those_levels_alone(api: Api) -> None:
    for level, status in (("reporter", 200), ("seat_manager", 403), ("l-1", 403)):
        token = await api.token(actor=level, scopes=["read"])
        for path in (
            "/v1/learners",
            "/v1/events",
            "/v1/events?learner=l-2",
            "/v1/courses",
            "/v1/courses/moss",
            "/v1/programs",
            "/v1/programs/p-2",
            "/v1/programs/p-2/learners",
            "/v1/due",
            "/v1/reports/time",
            "/v1/reports/learners",
            "/v1/reports/counts",
            "/v1/insights/funnel",
            "/v1/insights/activities",
            "/v1/insights/scores",
            "/v1/insights/days",
            "/v1/insights/standing",
        ):
            got = await api.ask("GET", path, token)
            assert (level, path, got.status) == (level, path, status)
    own = await api.token(actor="l-1", scopes=["read"])
    for path in ("/v1/events?learner=l-1", "/v1/reports/time?learner=l-1"):
        assert (await api.ask("GET", path, own)).status == 200


async def test_b2_what_cannot_be_asked_is_told(api: Api) -> None:
    token = await api.token()
    for path in (
        "/v1/learners?curse=moss",
        "/v1/learners?status=done",
        "/v1/learners?course=a%2Fb",
        "/v1/learners?progress_from=x",
        "/v1/learners?progress_from=nan",
        "/v1/learners?progress_from=90&progress_to=10",
        "/v1/learners?completed_from=2024-05-01",
        "/v1/learners?completed_from=2024-05-02T00:00:00Z&completed_to=2024-05-01T00:00:00Z",
        "/v1/learners?inactive_since=yesterday",
        "/v1/learners?manually_completed=perhaps",
        "/v1/learners?text=",
        "/v1/learners?text=%00",
        f"/v1/learners?{'tags=x&' * 21}",
        "/v1/learners?limit=101",
        "/v1/learners?cursor=x",
        "/v1/learners?cursor=%C3%A9",
        "/v1/events?type=nothing_happened",
        "/v1/events?since=2024-05-02T00:00:00Z&until=2024-05-02T00:00:00Z",
        "/v1/events?learner=a%20b",
        "/v1/events?cursor=x",
        "/v1/courses?limit=0",
        "/v1/courses?cursor=%00",
        "/v1/courses/~courses",
        "/v1/programs/a%20b",
        "/v1/programs/p-2/learners?limit=101",
        "/v1/due?before=soon",
        "/v1/due?since=2024-05-02T00:00:00Z&before=2024-05-01T00:00:00Z",
        "/v1/due?cursor=x",
        "/v1/reports/time?by=learner",
        "/v1/reports/time?since=2024-05-02&until=2024-05-01",
        "/v1/reports/counts?kind=nothing",
        "/v1/reports/counts?limit=1001",
        "/v1/insights/scores?of=nothing",
        "/v1/insights/scores?by=bucket",
        "/v1/insights/scores?provenance=guessed",
    ):
        got = await api.ask("GET", path, token)
        assert (path, got.status, got.code) == (path, 400, "invalid_request")


def _as_told(found: Any) -> list[dict[str, Any]]:
    """A view's lines as JSON has them, without what is none."""
    rows = [it._asdict() for it in found]
    return [
        {name: it if isinstance(it, int | float | str) else str(it) for name, it in row.items()}
        for row in _without_nothing(rows)
    ]


def _without_nothing(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: it for name, it in row.items() if it is not None} for row in rows]


@pytest.mark.parametrize(("name", "ids"), [("progress", 2), ("activities", 3)])
async def test_progress_of_a_school_is_told_row_by_row(api: Api, name: str, ids: int) -> None:
    """As an export has it: each row once, in its order; of the token's school and readers alone."""
    token, view = await api.token(), ProgressView(api.pool)
    exported = view.export_progress() if name == "progress" else view.export_activities()
    rows = [it async for it in exported if it.school == api.school]
    found = await pages(api, f"/v1/{name}?limit=2", token, name)
    told = [it for page in found for it in page]
    assert len(rows) > 4
    assert {len(page) for page in found[:-1]} == {2}
    for it, row in zip(told, rows, strict=True):
        said = {key: value for key, value in row._asdict().items() if value is not None}
        when = said.pop("completed_at", None)
        assert said.pop("school") == api.school
        assert it.items() >= said.items()
        assert it.get("completed_at") == (None if when is None else timestamp(when))
    of_course = (await lines(api, f"/v1/{name}", course=FERNS))[name]
    assert of_course == [it for it in told if it["course"] == FERNS]

    first = await api.ask("GET", f"/v1/{name}", token)
    again = {"If-None-Match": first.headers["ETag"]}
    assert (await api.ask("GET", f"/v1/{name}", token, again)).status == 304
    foreign = await api.token(api.other)
    assert await lines(api, f"/v1/{name}", foreign) == {name: []}
    after = urlencode({"cursor": "/".join([MOSS, "l-1", "x"][:ids])})
    assert MOSS not in str(await lines(api, f"/v1/{name}?{after}", foreign))
    theirs = await api.token(actor="user")
    assert (await api.ask("GET", f"/v1/{name}", theirs)).code == "not_permitted"
    elsewhere = urlencode({"course": FERNS, "cursor": "/".join([MOSS, "l-1", "x"][:ids])})
    for wrong in (
        elsewhere,
        "cursor=moss",
        "cursor=a//",
        "cursor=a/b/c/d",
        "cursor=%20/%00/x",
        "limit=1001",
        "course=a/b",
    ):
        got = await api.ask("GET", f"/v1/{name}?{wrong}", token)
        assert (wrong, got.status, got.code) == (wrong, 400, "invalid_request")
