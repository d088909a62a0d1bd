"""Reports and insights as they are read; each case one event at a time, in one batch, rebuilt."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from contracts.topics import Stream
from services.views.insights import InsightsView, mean
from services.views.reports import EVER, Period, ReportsView
from tests.support.appended import MINE
from tests.support.happened import (
    activities_reset,
    course_completed,
    course_reset,
    earned,
    enrolled,
    marked,
    spent,
    submitted,
    unenrolled,
)
from tests.support.school import activity, course, day

if TYPE_CHECKING:
    from services.store.log import EventLog
    from tests.support.views import ViewSpec

COURSE = course(activity("video"), activity("form", "form"))
SCHOOL, ME, BIOLOGY = MINE
ZOOLOGY = MINE._replace(course="zoology")
OTHER = MINE._replace(learner="u-2")
STRANGER = Stream("another-school", ME, BIOLOGY)
MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


@pytest.fixture
def reports(log: EventLog) -> ReportsView:
    return ReportsView(log.pool)


@pytest.fixture
def insights(log: EventLog) -> InsightsView:
    return InsightsView(log.pool)


@pytest.fixture
async def spending(view: ViewSpec) -> ViewSpec:
    """Three learners' time, one of them of another school."""
    await view.given(spent("a", 60), spent("b", 5), effective_at=day(1))
    await view.given(spent("a", 1), effective_at=day(40))
    await view.given(spent("a", 100), to=ZOOLOGY, effective_at=day(2))
    await view.given(spent("b", 1_000), to=OTHER, effective_at=day(3))
    await view.given(spent("a", 9_999), to=STRANGER, effective_at=day(1))
    return view


@pytest.mark.usefixtures("spending")
async def test_time_by_course_activity_and_month_of_a_school(reports: ReportsView) -> None:
    """A3: what another school's learner of the same id spent is in none of it."""
    assert [it.seconds for it in await reports.time(SCHOOL)] == [1_166]
    by_course = await reports.time(SCHOOL, ["course"])
    assert [(it.course, it.seconds) for it in by_course] == [(BIOLOGY, 1_066), ("zoology", 100)]
    by_activity = await reports.time(SCHOOL, ["activity"], course=BIOLOGY)
    assert [it[1:] for it in by_activity] == [
        (BIOLOGY, "a", None, 61),
        (BIOLOGY, "b", None, 1_005),
    ]
    by_month = await reports.time(SCHOOL, ["month"])
    assert [it[1:] for it in by_month] == [(None, None, MAY, 1_165), (None, None, JUNE, 1)]
    june = await reports.time(SCHOOL, ["activity"], period=Period(date(2024, 6, 30), None))
    assert [it[1:] for it in june] == [(BIOLOGY, "a", None, 1)]


@pytest.mark.usefixtures("spending")
async def test_time_of_a_learner_and_by_learner_in_pages(reports: ReportsView) -> None:
    mine = await reports.time(SCHOOL, ["course", "month"], learner=ME)
    assert [it[1:] for it in mine] == [
        (BIOLOGY, None, MAY, 65),
        (BIOLOGY, None, JUNE, 1),
        ("zoology", None, MAY, 100),
    ]
    [first] = await reports.time_by_learner(SCHOOL, limit=1)
    [second] = await reports.time_by_learner(SCHOOL, limit=1, after=str(first.learner))
    assert [(it.learner, it.seconds) for it in (first, second)] == [(ME, 166), ("u-2", 1_000)]
    assert await reports.time_by_learner(SCHOOL, after="u-2") == []
    zoology = await reports.time_by_learner(SCHOOL, "zoology", Period(None, date(2024, 5, 31)))
    assert [(it.learner, it.seconds) for it in zoology] == [(ME, 100)]


async def test_counts_by_day_course_provenance_and_administrator(
    view: ViewSpec, reports: ReportsView
) -> None:
    await view.given(enrolled(on=1), marked("form", on=2), course_reset(2), actor="u-7")
    await view.given(enrolled(on=2), earned("form", on=2), unenrolled(), to=ZOOLOGY)
    await view.given(enrolled(on=1), to=STRANGER)
    found = await reports.counts(SCHOOL, ["day", "provenance", "administrator"])
    assert [tuple(it) for it in found] == [
        ("activity_completed", date(2024, 5, 3), None, "earned", "", 1),
        ("activity_completed", date(2024, 5, 3), None, "manual", "u-7", 1),
        ("course_reset", date(2024, 5, 2), None, "", "u-7", 1),
        ("enrolled", date(2024, 5, 2), None, "", "u-7", 1),
        ("enrolled", date(2024, 5, 3), None, "", "", 1),
        ("unenrolled", date(2024, 5, 2), None, "", "", 1),
    ]
    second = Period(date(2024, 5, 3), date(2024, 5, 3))
    kinds = ["activity_completed", "enrolled"]
    found = await reports.counts(SCHOOL, ["course"], period=second, kinds=["activity_completed"])
    assert [(it.course, it.number) for it in found] == [(BIOLOGY, 1), ("zoology", 1)]
    found = await reports.counts(SCHOOL, course="zoology", period=EVER)
    assert [(it.kind, it.number) for it in found if it.kind in kinds] == [
        ("activity_completed", 1),
        ("enrolled", 1),
    ]
    assert len(await reports.counts(SCHOOL, ["day"], limit=2)) == 2


async def test_the_funnel_counts_each_learner_once(view: ViewSpec, insights: InsightsView) -> None:
    for number in (1, 2):
        await view.given(enrolled(), earned("video"), earned("form"), course_completed("earned"))
        await view.given(course_reset(number + 1))
    await view.given(enrolled(), earned("video"), to=OTHER)
    await view.given(enrolled(), to=MINE._replace(learner="u-3"))
    await view.given(enrolled(), to=STRANGER)
    assert [tuple(it) for it in await insights.funnel(SCHOOL)] == [(BIOLOGY, 3, 2, 1)]
    assert [it[1:] for it in await insights.activity_funnel(SCHOOL, BIOLOGY)] == [
        ("form", 1, 1),
        ("video", 2, 2),
    ]
    assert await insights.funnel(SCHOOL, "zoology") == []


async def test_scores_and_their_exact_mean(view: ViewSpec, insights: InsightsView) -> None:
    await view.given(submitted("form", 33.3), submitted("form", 33.4), submitted("form", 100.0))
    await view.given(marked("form", "form", 100.0), course_completed("manual", average=66.65))
    await view.given(submitted("form", 1.0), to=STRANGER)
    submissions = await insights.scores(SCHOOL, scored="submission")
    assert [(it.bucket, it.below, it.number) for it in submissions] == [(30, 35, 2), (95, 100, 1)]
    assert mean(submissions) == pytest.approx((33.3 + 33.4 + 100) / 3, abs=1e-9)
    [average] = await insights.scores(SCHOOL, ["course", "provenance"], scored="course")
    assert (average.course, average.provenance, average.millionths) == (
        BIOLOGY,
        "manual",
        66_650_000,
    )
    assert await insights.scores(SCHOOL, scored="activity", provenance="earned") == []
    assert mean([]) is None


@pytest.mark.parametrize(
    ("took", "quartiles"),
    [([7], (7, 7, 7, 7, 7)), ([1, 2, 3, 4], (1, 1, 2, 3, 4)), ([5, 0, 90, 5, 5], (0, 5, 5, 5, 90))],
)
async def test_days_to_completion_are_of_whole_attempts(
    view: ViewSpec, insights: InsightsView, took: list[int], quartiles: tuple[int, ...]
) -> None:
    for number, days in enumerate(took):
        to = MINE._replace(learner=f"u-{number}")
        await view.given(enrolled(on=1), course_completed("earned", on=1.9 + days), to=to)
    [found] = await insights.days(SCHOOL)
    assert tuple(found) == (BIOLOGY, len(took), *quartiles)


async def test_where_learners_stand_is_of_today(view: ViewSpec, insights: InsightsView) -> None:
    """R2 beside R3: this one is what a reset does change."""
    await view.given(COURSE, enrolled(), earned("video"))
    await view.given(enrolled(), earned("video"), earned("form"), to=OTHER)
    await view.given(course_completed("earned"), to=OTHER)
    await view.given(enrolled(), unenrolled(), to=MINE._replace(learner="u-3"))
    assert [it[1:] for it in await insights.standing(SCHOOL)] == [
        (True, "completed", 90, 1),
        (True, "not_completed", 50, 1),
        (False, "not_started", 0, 1),
    ]
    await view.given(course_reset(2), to=OTHER)
    assert (True, "not_started", 0, 1) in [it[1:] for it in await insights.standing(SCHOOL)]


async def test_r3_nothing_is_taken_away_by_a_reset_a_leaving_or_a_new_structure(
    view: ViewSpec, reports: ReportsView, insights: InsightsView
) -> None:
    await view.given(COURSE, enrolled(on=1), spent("video", 60), submitted("form", 71.5))
    await view.given(earned("video"), earned("form", "form", 71.5))
    await view.given(course_completed("earned", average=71.5, on=9))

    async def everything() -> list[Any]:
        counted = await reports.counts(SCHOOL, ["day", "course", "provenance"])
        return [
            await reports.time(SCHOOL, ["activity", "month"]),
            await reports.time_by_learner(SCHOOL),
            [it for it in counted if "reset" not in it.kind and it.kind != "unenrolled"],
            await insights.funnel(SCHOOL),
            await insights.activity_funnel(SCHOOL),
            await insights.scores(SCHOOL, ["activity", "provenance"]),
            await insights.days(SCHOOL),
        ]

    before = await everything()
    assert all(before)
    await view.given(activities_reset("video", reopens=True), course_reset(2))
    await view.given(unenrolled(), course(activity("other"), version=2))
    assert await everything() == before
    resets = await reports.counts(SCHOOL, kinds=["activities_reset", "course_reset"])
    assert [it.number for it in resets] == [1, 1]
