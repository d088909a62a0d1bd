"""Due dates as the views and the schedules of the moment say (B12)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from contracts.topics import Stream
from services.views.due.asking import due_request
from services.views.due.paging import Due
from services.views.due.reading import DueView
from tests.support.announcing import completes, keep, project
from tests.support.appended import Appender
from tests.support.happened import course_reset, enrolled, unenrolled
from tests.support.recertifying import recertification
from tests.support.school import COURSE, SCHOOL, day

if TYPE_CHECKING:
    from datetime import datetime

    from services.store.log import EventLog

NOON = timedelta(hours=12)
YEAR = 365


async def pages(
    log: EventLog,
    before: datetime,
    *,
    limit: int = 2,
    school: str = SCHOOL,
    since: datetime | None = None,
    course: str | None = None,
) -> list[list[Due]]:
    """All of them."""
    found = []
    page = await DueView(log.pool).page(school, due_request(before, since, course, limit))
    found.append(list(page.found))
    while page.next is not None:
        asked = due_request(before, since, course, limit, page.next)
        page = await DueView(log.pool).page(school, asked)
        found.append(list(page.found))
    return found


async def whose(log: EventLog, *learners: str) -> dict[tuple[str, str], Due]:
    return await DueView(log.pool).of_learners(SCHOOL, learners)


async def test_b12_who_completed_a_course_of_a_schedule_has_a_due_date(log: EventLog) -> None:
    appender = Appender(log)
    await keep(log, recertification())
    await completes(appender, "u-1", "u-2")
    await completes(appender, "u-1", course="moss")
    await project(log)
    assert await whose(log, "u-1", "u-3") == {
        ("u-1", COURSE): Due(day(YEAR) + NOON, COURSE, day(0), "u-1", 1, "yearly")
    }


async def test_b12_it_follows_the_schedules_of_the_moment(log: EventLog) -> None:
    """The earliest counts; one that is off, or gone, does not."""
    appender = Appender(log)
    await completes(appender, "u-1")
    await project(log)
    assert await whose(log, "u-1") == {}
    await keep(log, recertification(months=24), recertification(schedule="sooner"))
    found = (await whose(log, "u-1"))["u-1", COURSE]
    assert (found.schedule, found.at) == ("sooner", day(YEAR) + NOON)
    await keep(log, recertification(schedule="sooner", enabled=False))
    found = (await whose(log, "u-1"))["u-1", COURSE]
    assert (found.schedule, found.at) == ("yearly", day(2 * YEAR) + NOON)


async def test_b12_who_was_reset_or_left_has_none(log: EventLog) -> None:
    appender = Appender(log)
    await keep(log, recertification())
    await completes(appender, "u-1", "u-2", "u-3")
    await appender.happened(course_reset(2, reopens=True), to=Stream(SCHOOL, "u-1", COURSE))
    await appender.happened(unenrolled(), to=Stream(SCHOOL, "u-2", COURSE))
    await project(log)
    assert list(await whose(log, "u-1", "u-2", "u-3")) == [("u-3", COURSE)]
    assert [[it.learner for it in page] for page in await pages(log, day(900))] == [["u-3"]]
    await appender.happened(enrolled(), to=Stream(SCHOOL, "u-2", COURSE))
    await project(log)
    assert ("u-2", COURSE) in await whose(log, "u-2")


async def test_b12_a_school_sees_who_falls_due_between_two_dates_page_by_page(
    log: EventLog,
) -> None:
    """The soonest first, over courses and schedules; without a first date the overdue ones too."""
    appender = Appender(log)
    await keep(
        log,
        recertification(),
        recertification(schedule="moss", course="moss", rule="FREQ=MONTHLY;BYMONTHDAY=1"),
    )
    for n in range(6):
        await completes(appender, f"u-{n}", on=10 * n)
    await completes(appender, "u-0", "u-9", course="moss", on=5)
    await project(log)
    since, before = day(YEAR + 10), day(YEAR + 40)
    found = await pages(log, before, since=since)
    assert [[(it.learner, it.at - day(YEAR)) for it in page] for page in found] == [
        [("u-1", timedelta(10.5)), ("u-2", timedelta(20.5))],
        [("u-3", timedelta(30.5)), ("u-0", timedelta(31.5))],
        [("u-9", timedelta(31.5))],
    ]
    assert [it.course for page in found for it in page] == [COURSE] * 3 + ["moss"] * 2
    (only,) = await pages(log, before, since=since, course="moss", limit=9)
    assert [it.learner for it in only] == ["u-0", "u-9"]
    (overdue,) = await pages(log, since, limit=9)
    assert [it.learner for it in overdue] == ["u-0"]
    assert await pages(log, before, course="unknown") == [[]]


async def test_b12_many_who_completed_in_one_moment_are_all_there(log: EventLog) -> None:
    appender = Appender(log)
    await keep(log, recertification())
    await completes(appender, *(f"u-{n:02}" for n in range(25)))
    await project(log)
    found = await pages(log, day(900), limit=4)
    assert [len(page) for page in found] == [4, 4, 4, 4, 4, 4, 1]
    assert [it.learner for page in found for it in page] == [f"u-{n:02}" for n in range(25)]


async def test_a3_schools_do_not_mix(log: EventLog) -> None:
    appender = Appender(log)
    await keep(log, recertification(school="hill"))
    await completes(appender, "u-1")
    await completes(appender, "u-2", school="hill")
    await project(log)
    assert await pages(log, day(900)) == [[]]
    assert await whose(log, "u-1", "u-2") == {}
    (found,) = await pages(log, day(900), school="hill")
    assert [it.learner for it in found] == ["u-2"]
