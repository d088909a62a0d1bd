"""Certificates that were ever awarded: when, in which attempt, by whom; no reset takes one (R3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.sql import statement
from tests.support.appended import MINE
from tests.support.decided import Log, undone
from tests.support.happened import (
    activities_reset,
    claimed,
    course_reset,
    earned,
    enrolled,
    imported,
    marked,
    unenrolled,
)
from tests.support.school import activity, course, day
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from contracts.topics import Stream
    from services.store.log import EventLog
    from tests.support.happened import Draft
    from tests.support.views import ViewSpec

COURSE = course(activity("video"), activity("diploma", "certificate", claimed=True))


async def awards(log: EventLog, of: Stream = MINE, within: str | None = None) -> list[Any]:
    sql = statement("projections.certificates", "queries/of_learner")
    return await log.pool.fetch(sql, of.school, of.learner, within)


async def test_a_certificate_is_awarded_when_it_is_complete_and_nothing_else_is(
    view: ViewSpec, log: EventLog
) -> None:
    await view.given(COURSE, enrolled(), earned("video"), claimed("diploma"))
    assert await awards(log) == []
    await view.given(earned("diploma", "certificate", 80.0, on=7))
    [award] = await awards(log)
    assert tuple(award) == (MINE.course, "diploma", 1, day(7), "earned", False, 80.0, None)


async def test_m6_m7_one_that_an_administrator_marked_says_so(
    view: ViewSpec, log: EventLog
) -> None:
    await view.given(COURSE, enrolled())
    await view.given(marked("diploma", "certificate", 100.0), actor="u-7")
    [award] = await awards(log)
    assert (award["manually"], award["score"], award["actor"]) == (True, 100.0, "u-7")


async def test_r3_r4_no_reset_and_no_leaving_takes_one_away(view: ViewSpec, log: EventLog) -> None:
    await view.given(COURSE, enrolled(), earned("diploma", "certificate", on=1))
    await view.given(activities_reset("diploma"), imported("diploma", "certificate", on=2))
    await view.given(course_reset(2), marked("diploma", "certificate", on=3), unenrolled())
    found = [(it["attempt"], it["awarded_at"], it["provenance"]) for it in await awards(log)]
    assert found == [(2, day(3), "manual"), (1, day(2), "imported"), (1, day(1), "earned")]


def happened(*drafts: Draft, **common: Any) -> Log:
    return [(MINE, each.completed(BEFORE | {"attempt": 1} | common)) for each in drafts]


async def given(view: ViewSpec, happened: Log) -> None:
    await view.logged(*((str(stream), event) for stream, event in happened))


async def test_b7_one_that_was_marked_by_mistake_never_was_awarded(
    view: ViewSpec, log: EventLog
) -> None:
    """And the next one is; each award stands by itself."""
    mark = happened(enrolled(), marked("diploma", "certificate", 100.0, on=1), command_id="m")
    before = undone(mark[:1] + happened(earned("video")) + mark[1:], "m", COURSE)
    await given(view, before)
    assert await awards(log) == []
    again = happened(earned("diploma", "certificate", 80.0, on=7))
    await given(view, again)
    assert [(it["awarded_at"], it["provenance"]) for it in await awards(log)] == [
        (day(7), "earned")
    ]


async def test_b7_an_undone_reset_takes_what_was_awarded_after_it(
    view: ViewSpec, log: EventLog
) -> None:
    first = happened(enrolled(), earned("diploma", "certificate", on=1))
    second = happened(course_reset(2), command_id="r")
    second += happened(imported("diploma", "certificate", on=2), attempt=2)
    await given(view, undone(first + second, "r", COURSE))
    assert [(it["attempt"], it["awarded_at"]) for it in await awards(log)] == [(1, day(1))]


async def test_a3_a_learner_of_the_same_id_in_another_school_has_their_own(
    view: ViewSpec, log: EventLog
) -> None:
    other, elsewhere = MINE._replace(school="hillside"), MINE._replace(course="physics")
    for stream in (MINE, other, elsewhere):
        await view.given(earned("diploma", "certificate"), to=stream)
    assert len(await awards(log)) == 2
    assert [it["course"] for it in await awards(log, within="physics")] == ["physics"]
    assert len(await awards(log, other)) == 1
