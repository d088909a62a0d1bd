"""A learner's card, courses and attempts over real HTTP, now and at any instant in the past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest_asyncio

from contracts.directory import User
from contracts.envelope import timestamp
from contracts.topics import Stream
from services.projector.runtime import Projector
from services.store.directory import Directory
from services.store.log import EventLog
from services.views.cards import past, present
from tests.integration.api.conftest import UNUSUAL, encoded, without_address
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
from tests.support.school import activity, day, section, sections, unruled

if TYPE_CHECKING:
    import pytest

    from tests.integration.api.conftest import Api

MINE = "/v1/learners/u-1204"
COURSE = "biology-2"
SECTIONS = (section(activity("read"), unruled("quiz", "exam")), section(unruled("lab", "form")))
SEQUENTIAL = sections(*SECTIONS, access="sequential", published=0.5)
STEPS = (
    [enrolled()],
    [visited("read"), spent("read", 40), earned("read")],
    [submitted("quiz", 60.0, passed=False), marked("quiz", "exam", 100.0)],
    [marked("lab", "form", 100.0), course_completed("manual", average=100.0)],
    [course_reset(2, reopens=True)],
    [visited("read"), marked("lab", "form", 100.0, on=1)],
)
"""What happens on the days 1 to 6; the last was achieved on day 1."""
MANY = [f"many-{number}" for number in range(7)]


@pytest_asyncio.fixture(scope="module")
async def then(running: Api) -> dict[int, Any]:
    """What the API says of the course on each of the days, read on that day."""
    appender, projector = Appender(EventLog(running.pool)), Projector(EventLog(running.pool))
    await Directory(running.pool).put_users(
        [
            User(
                school=running.school,
                user="u-1204",
                name="Ada Ünal",
                email="ada@river.example",
                tags=("evening",),
            )
        ]
    )
    await appender.published(SEQUENTIAL, running.school, COURSE)
    token, found = await running.token(), {}
    for number, step in enumerate(STEPS, 1):
        to, at = Stream(running.school, "u-1204", COURSE), day(number)
        await appender.happened(*step, to=to, recorded_at=at, effective_at=at)
        await projector.catch_up()
        got = await running.ask("GET", f"{MINE}/courses/{COURSE}", token)
        assert got.status == 200, got.body
        found[number] = got.body
    for learner in ("u-1205", UNUSUAL):
        for course in MANY:
            await appender.happened(enrolled(), to=Stream(running.school, learner, course))
    await projector.catch_up()
    return found


async def test_m6_m10_the_card_has_labels_and_locks_of_each_activity(
    running: Api, then: dict[int, Any]
) -> None:
    token = await running.token(actor="reporter", scopes=["read"])
    got = await running.ask("GET", MINE, token)
    assert got.body["learner"] == "u-1204"
    assert got.body["person"] == {
        "role_level": "user",
        "name": "Ada Ünal",
        "email": "ada@river.example",
        "tags": ["evening"],
    }
    assert got.body["programs"] == []
    [course] = got.body["courses"]
    assert course == then[6]
    told = ("activity", "section", "type", "required", "locked", "provenance", "score")
    assert [tuple(it.get(name) for name in told) for it in course["activities"]] == [
        ("read", "section-read", "video", True, False, None, None),
        ("quiz", "section-read", "exam", True, True, None, None),
        ("lab", "section-lab", "form", True, True, "manual", 100.0),
    ]
    read, _, lab = course["activities"]
    assert (read["visited"], read["time_spent"], read["time_spent_ever"]) == (True, 0, 40)
    assert (read["manually_completed"], lab["manually_completed"]) == (False, True)
    assert (course["access"], course["status"], course["attempt"]) == (
        "sequential",
        "not_completed",
        2,
    )
    assert [it["section"] for it in course["sections"]] == ["section-read", "section-lab"]
    again = await running.ask("GET", MINE, token, {"If-None-Match": got.headers["ETag"]})
    assert (again.status, again.body) == (304, None)


async def test_r4_earlier_attempts_stay_readable(running: Api, then: dict[int, Any]) -> None:
    token = await running.token()
    attempt = {
        "attempt": 1,
        "status": "completed",
        "average_score": 100.0,
        "time_spent": 40,
        "provenance": "manual",
        "manually_completed": True,
        "completed_at": timestamp(day(4)),
        "closed_at": timestamp(day(5)),
    }
    assert then[6]["attempts"] == [attempt]
    listed = await running.ask("GET", f"{MINE}/courses/{COURSE}/attempts", token)
    assert listed.body == {"attempts": [attempt]}
    one = await running.ask("GET", f"{MINE}/courses/{COURSE}/attempts/1", token)
    activities = one.body.pop("activities")
    assert one.body == attempt
    assert [(it["activity"], it.get("score"), it["time_spent"]) for it in activities] == [
        ("lab", 100.0, 0),
        ("quiz", 100.0, 0),
        ("read", None, 40),
    ]
    for path in (
        f"{MINE}/courses/{COURSE}/attempts/2",
        f"{MINE}/courses/none/attempts",
        f"{MINE}/courses/{COURSE}/attempts/{2**31 - 1}",
        f"{MINE}/courses/none/attempts/1",
    ):
        missing = await running.ask("GET", path, token)
        assert (missing.status, missing.code) == (404, "no_record")


async def test_r4_attempts_come_whole_and_once_over_their_pages(
    running: Api, then: dict[int, Any]
) -> None:
    assert then
    appender, to = Appender(EventLog(running.pool)), Stream(running.school, "u-1205", COURSE)
    resets = [course_reset(number) for number in range(2, 25)]
    await appender.happened(enrolled(), *resets, to=to)
    await Projector(EventLog(running.pool)).catch_up()
    token, path = await running.token(), f"/v1/learners/u-1205/courses/{COURSE}"
    for when in ("", f"&at={timestamp(day(40))}"):
        found = await pages(running, f"{path}/attempts?limit=9{when}", token, "attempts")
        assert [[it["attempt"] for it in page] for page in found] == [
            [*range(23, 14, -1)],
            [*range(14, 5, -1)],
            [*range(5, 0, -1)],
        ]
    early = await running.ask("GET", f"{path}/attempts?at={timestamp(day(0.1))}", token)
    assert (early.status, early.code) == (404, "no_record")
    card = (await running.ask("GET", path, token)).body
    past = (await running.ask("GET", f"{path}?at={timestamp(day(40))}", token)).body
    for each in (card, past):
        assert [it["attempt"] for it in each["attempts"]] == [*range(4, 24)]


async def test_b10_the_past_is_as_it_was_told_then(running: Api, then: dict[int, Any]) -> None:
    token = await running.token()
    for number, told in then.items():
        at = timestamp(day(number))
        for path in (f"{MINE}/courses/{COURSE}?at={at}", f"{MINE}?at={at}"):
            got = await running.ask("GET", path, token)
            assert got.body.pop("at") == at
            [course] = got.body.get("courses", [got.body])
            assert course == told
        lines = (await running.ask("GET", f"{MINE}/courses?at={at}", token)).body["courses"]
        assert lines == [{name: told[name] for name in lines[0]}]
    before = timestamp(day(0.9))
    nothing = await running.ask("GET", f"{MINE}/courses/{COURSE}?at={before}", token)
    assert (nothing.status, nothing.code) == (404, "no_record")
    assert (await running.ask("GET", f"{MINE}/courses?at={before}", token)).body == {
        "at": before,
        "courses": [],
    }


async def test_b4_by_when_it_was_achieved_the_past_has_what_is_known_today(
    running: Api, then: dict[int, Any]
) -> None:
    token, at = await running.token(), timestamp(day(1.5))
    got = await running.ask("GET", f"{MINE}/courses/{COURSE}?at={at}&by=effective", token)
    done = [it["activity"] for it in got.body["activities"] if "provenance" in it]
    assert done == ["lab"]
    assert not any("provenance" in it for it in then[1]["activities"])


async def test_b10_b4_what_happened_is_told_as_the_log_told_it_then(
    running: Api, then: dict[int, Any]
) -> None:
    token, path = await running.token(), f"{MINE}/events?course={COURSE}"
    whole = (await running.ask("GET", path, token)).body["events"]
    assert len(whole) > len(then)
    for number in (0.9, *then):
        at, told = (
            timestamp(day(number)),
            [it for it in whole if it["recorded_at"] <= timestamp(day(number))],
        )
        for query, known in (
            ("", told),
            ("&type=activity_completed", [it for it in told if "activity_completed" in it["type"]]),
            (
                f"&since={timestamp(day(2))}",
                [it for it in told if it["recorded_at"] >= timestamp(day(2))],
            ),
            (
                f"&until={timestamp(day(2))}",
                [it for it in told if it["recorded_at"] < timestamp(day(2))],
            ),
            ("&actor=nobody", []),
        ):
            got = await running.ask("GET", f"{path}&at={at}{query}", token)
            assert got.body == {"events": known}, (number, query)
    at = timestamp(day(1.5))
    got = await running.ask("GET", f"{path}&at={at}&by=effective", token)
    assert got.body["events"] == [it for it in whole if it["effective_at"] <= at]
    assert [it["recorded_at"] for it in got.body["events"]] == [
        timestamp(day(6)),
        timestamp(day(1)),
    ]
    paged = await pages(running, f"{MINE}/events?limit=2&at={timestamp(day(40))}", token, "events")
    everything = (await running.ask("GET", f"{MINE}/events", token)).body["events"]
    assert [it for page in paged for it in page] == everything


async def test_courses_come_whole_and_once_over_their_pages(
    running: Api, then: dict[int, Any]
) -> None:
    assert then
    token, at = await running.token(), timestamp(day(40))
    for path in (
        f"/v1/learners/{encoded(UNUSUAL)}?limit=3",
        f"/v1/learners/{encoded(UNUSUAL)}/courses?limit=3",
        f"/v1/learners/{encoded(UNUSUAL)}?limit=3&at={at}",
        f"/v1/learners/{encoded(UNUSUAL)}/courses?limit=3&at={at}",
    ):
        found = await pages(running, path, token, "courses")
        assert [[it["course"] for it in page] for page in found] == [MANY[:3], MANY[3:6], MANY[6:]]
    whole = await running.ask("GET", f"/v1/learners/{encoded(UNUSUAL)}", token)
    assert [it["course"] for it in whole.body["courses"]] == MANY
    assert next_of(whole.headers) is None
    assert whole.body["courses"][0]["activities"] == []


async def test_a_page_holds_as_much_as_one_answer_may_read(
    running: Api, then: dict[int, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the past so many bytes of events; of now so many activities, one course at the least."""
    assert then
    appender, to = Appender(EventLog(running.pool)), Stream(running.school, "u-2", "biology-1")
    for course in ("biology-1", COURSE):
        await appender.happened(enrolled(), to=to._replace(course=course))
    await Projector(EventLog(running.pool)).catch_up()
    token, at, there = await running.token(), timestamp(day(40)), "/v1/learners/u-2"
    streams = [str(Stream(running.school, UNUSUAL, course)) for course in MANY]
    sizes = await EventLog(running.pool).sizes(streams)
    unusual = f"/v1/learners/{encoded(UNUSUAL)}"
    monkeypatch.setattr(past, "READ", 3 * max(sizes.values()) + 1)
    found = await pages(running, f"{unusual}/courses?at={at}", token, "courses")
    assert [[it["course"] for it in page] for page in found] == [MANY[:3], MANY[3:6], MANY[6:]]
    monkeypatch.setattr(past, "READ", min(sizes.values()) - 1)
    for path in (
        f"{unusual}?at={at}",
        f"{unusual}/courses?at={at}",
        f"{unusual}/courses/{MANY[0]}?at={at}",
        f"{unusual}/courses/{MANY[0]}/attempts?at={at}",
        f"{unusual}/events?at={at}",
        f"{unusual}/events?course={MANY[0]}&at={at}",
    ):
        got = await running.ask("GET", path, token)
        assert (path, got.status, got.code) == (path, 400, "too_much_to_read")
        advice = "name a course" if path.startswith(f"{unusual}/events?at") else "--course many-0"
        assert advice in got.body["detail"]
    for most, expected in ((4, [["biology-1"], [COURSE]]), (5, [["biology-1", COURSE]])):
        monkeypatch.setattr(present, "ACTIVITIES", most)
        cards = await pages(running, there, token, "courses")
        assert [[it["course"] for it in page] for page in cards] == expected


async def test_a3_a_card_of_another_school_is_as_if_it_were_not_there(
    running: Api, then: dict[int, Any]
) -> None:
    assert then
    theirs = await running.token(running.other)
    at = timestamp(day(40))
    for shape in (
        "/v1/learners/{}",
        "/v1/learners/{}/programs",
        "/v1/learners/{}/courses",
        f"/v1/learners/{{}}?at={at}",
        f"/v1/learners/{{}}/courses?at={at}",
        f"/v1/learners/{{}}/courses/{COURSE}",
        f"/v1/learners/{{}}/courses/{COURSE}?at={at}",
        f"/v1/learners/{{}}/events?at={at}",
        f"/v1/learners/{{}}/courses/{COURSE}/attempts",
        f"/v1/learners/{{}}/courses/{COURSE}/attempts/1",
    ):
        answers = [
            await running.ask("GET", shape.format(id_), theirs) for id_ in ("u-1204", "none")
        ]
        assert [it.status for it in answers] == [404, 404], shape
        assert without_address(answers[0]) == without_address(answers[1])
    unknown = await running.ask("GET", f"{MINE}/courses/none", await running.token())
    assert unknown.code == "no_record"


async def test_roles_read_their_school_and_everybody_themselves(
    running: Api, then: dict[int, Any]
) -> None:
    assert then
    for level, status in (("instructor", 200), ("seat_manager", 403), ("u-1204", 200)):
        token = await running.token(actor=level, scopes=["read"])
        for path in (
            MINE,
            f"{MINE}/programs",
            f"{MINE}/courses/{COURSE}",
            f"{MINE}/courses/{COURSE}?at={timestamp(day(3))}",
            f"{MINE}/events?at={timestamp(day(3))}",
            f"{MINE}/courses/{COURSE}/attempts",
            f"{MINE}/courses/{COURSE}/attempts/1",
        ):
            got = await running.ask("GET", path, token)
            assert (level, path, got.status) == (level, path, status)
            assert status == 200 or "ada@" not in str(got.body)


async def test_b2_what_cannot_be_asked_is_told(running: Api) -> None:
    token = await running.token()
    for path in (
        f"{MINE}?at=yesterday",
        f"{MINE}?at=2024-05-01",
        f"{MINE}?at=2024-05-01T00:00:00",
        f"{MINE}?at=1714521600",
        f"{MINE}?at=1969-12-31T00:00:00Z",
        f"{MINE}/courses?at=2999-01-01T00:00:00Z",
        f"{MINE}/courses/{COURSE}?at=2999-01-01T00:00:00Z",
        f"{MINE}/events?at=2999-01-01T00:00:00Z",
        f"{MINE}/events?at=2024-05-01T00:00:00Z&by=somebody",
        f"{MINE}?at=2024-05-01T00:00:00Z&by=somebody",
        f"{MINE}?limit=51",
        f"{MINE}?cursor=a%2Fb",
        f"{MINE}/courses?cursor=%00",
        f"{MINE}/courses/~x",
        f"{MINE}/courses/{COURSE}/attempts/0",
        f"{MINE}/courses/{COURSE}/attempts/x",
        f"{MINE}/courses/{COURSE}/attempts?cursor={2**31}",
        f"{MINE}/courses/{COURSE}/attempts/{2**31}",
    ):
        got = await running.ask("GET", path, token)
        assert (path, got.status, got.code) == (path, 400, "invalid_request")
