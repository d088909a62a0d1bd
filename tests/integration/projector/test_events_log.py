"""The events log: who did what to whom, when, why; with the label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.topics import Stream
from tests.support.appended import MINE
from tests.support.decided import undone
from tests.support.happened import (
    activities_reset,
    course_completed,
    course_reset,
    earned,
    enrolled,
    marked,
    spent,
    submitted,
)
from tests.support.school import activity, course, day
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from services.store.records import Position
    from services.views.events_log import Entry
    from tests.support.decided import Log
    from tests.support.views import ViewSpec

COURSE = course(activity("video"), activity("form", "form"))


async def test_b3_b4_an_entry_tells_who_did_it_when_why_and_from_where(view: ViewSpec) -> None:
    await view.given(COURSE, enrolled())
    await view.given(
        marked("form", "form", 100.0, on=2),
        recorded_at=day(9),
        actor="u-7",
        reason="tested_out",
        note="seen in class",
        source="console",
        command_id="c-9",
        batch_id="b-1",
        correlation_id="x-1",
    )
    found = (await view.entries())[0]
    assert (found.actor, found.reason, found.note, found.source) == (
        "u-7",
        "tested_out",
        "seen in class",
        "console",
    )
    assert (found.recorded_at, found.effective_at) == (day(9), day(2))
    assert (found.command_id, found.batch_id, found.correlation_id) == ("c-9", "b-1", "x-1")
    assert (found.type, found.activities, found.score) == (
        "coursemark.progress.activity_completed.v1",
        ["form"],
        100.0,
    )


async def test_m6_what_an_administrator_completed_is_labelled(view: ViewSpec) -> None:
    await view.given(COURSE, enrolled(), earned("video"), marked("form", "form", 100.0))
    await view.given(course_completed("manual", average=100.0))
    labels = [(entry.provenance, entry.manually) for entry in await view.entries()]
    assert labels == [("manual", True), ("manual", True), ("earned", False), (None, False)]


async def test_every_event_of_a_learner_is_an_entry_with_what_it_was_about(
    view: ViewSpec,
) -> None:
    await view.given(COURSE, enrolled(), submitted("form", 30.0), spent("video", 12))
    await view.given(activities_reset("form", "video"), spent("video", 7), course_reset(2))
    about = [(it.version, it.activities, it.score, it.seconds) for it in await view.entries()]
    assert about == [
        (6, None, None, None),
        (5, ["video"], None, 7),
        (4, ["form", "video"], None, None),
        (3, ["video"], None, 12),
        (2, ["form"], 30.0, None),
        (1, None, None, None),
    ]


async def test_b7_what_was_taken_back_stays_and_says_so(view: ViewSpec) -> None:
    """An undo takes nothing out of the log of events; another stream's versions are its own."""
    log: Log = [
        (MINE, it.completed(BEFORE | {"attempt": 1, "command_id": command}))
        for it, command in (
            (enrolled(), "e"),
            (marked("form", "form", 100.0), "m"),
            (marked("video"), "m"),
            (course_completed("manual", average=100.0), "m"),
            (spent("video", 12), "t"),
        )
    ]
    await view.given(*[spent("video", 5)] * 5, to=MINE._replace(course="another"))
    await view.logged(*((str(of), event) for of, event in undone(log, "m", COURSE)))
    found = {it.version: it.undone for it in await view.entries()}
    assert found == {1: False, 2: True, 3: True, 4: True, 5: False, 6: False}
    assert not any(it.undone for it in await view.entries(MINE._replace(course="another")))
    of_school = await view.events_log.entries_of_school(MINE.school)
    assert [it.version for it in of_school if it.undone] == [4, 3, 2]


async def test_entries_are_paged_by_position_within_a_course_a_learner_and_a_school(
    view: ViewSpec,
) -> None:
    second, stranger = Stream(MINE.school, MINE.learner, "b"), Stream(MINE.school, "u-2", "b")
    for stream in (MINE, second, stranger, MINE, second):
        await view.given(spent("video", 5), to=stream)
    log, (school, learner, name) = view.events_log, MINE
    of_course = await log.entries(school, learner, name)
    of_learner = await log.entries(school, learner, limit=3)
    rest = await log.entries(school, learner, limit=3, before=of_learner[-1].position)
    of_school = await log.entries_of_school(school, 2)
    others = await log.entries_of_school(school, before=of_school[-1].position)
    assert places(of_course) == [(learner, name, 2), (learner, name, 1)]
    assert places(of_learner + rest) == [
        (learner, "b", 2),
        (learner, name, 2),
        (learner, "b", 1),
        (learner, name, 1),
    ]
    assert len(of_school + others) == 5
    assert positions(of_school + others) == sorted(positions(of_school + others), reverse=True)
    assert await log.entries("another", learner) == []


def places(entries: list[Entry]) -> list[tuple[str, str, int]]:
    return [(entry.learner, entry.course, entry.version) for entry in entries]


def positions(entries: list[Entry]) -> list[Position]:
    return [entry.position for entry in entries]
