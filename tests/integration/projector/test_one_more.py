"""Promise: one more projection needs no downtime: the others are followed while it is built."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from contracts.topics import Stream
from projections.certificates import CERTIFICATES
from projections.events_log import EVENTS_LOG
from projections.progress import PROGRESS
from services.projector import filling, rebuild
from services.projector.cursors import StoredCursor
from services.projector.follower import Limits
from services.projector.runtime import Projector
from tests.support.happened import course_reset, earned, enrolled, marked
from tests.support.running import caught_up, running
from tests.support.school import activity, course

if TYPE_CHECKING:
    from services.store.log import EventLog
    from tests.support.appended import Appender

BEFORE = (PROGRESS, EVENTS_LOG)
LEARNERS = 30


def stream(number: int) -> Stream:
    return Stream("riverside", f"u-{number:03}", "biology-1")


async def awarded(appender: Appender, number: int) -> None:
    diploma = marked("diploma", "certificate", 100.0)
    await appender.happened(enrolled(), earned("video"), diploma, to=stream(number))
    await appender.happened(course_reset(2), to=stream(number))


@pytest.mark.parametrize("bulk", [10, 20_000], ids=["a long log", "a short log"])
async def test_a_running_system_gets_one_more_view_while_the_others_serve(
    log: EventLog, appender: Appender, bulk: int
) -> None:
    """The new projector takes over from the old one, or runs beside it, as deploys do."""
    await appender.published(course(activity("video"), activity("diploma", "certificate")))
    for number in range(LEARNERS):
        await awarded(appender, number)
    old = Projector(log, BEFORE)
    new = Projector(log, (CERTIFICATES, *BEFORE), Limits(bulk=bulk))
    seen: list[tuple[int, int]] = []
    done = asyncio.Event()

    async def read() -> None:
        while not done.is_set():
            courses = await log.pool.fetchval("select count(*) from progress.courses")
            entries = await log.pool.fetchval("select count(*) from events_log.entries")
            seen.append((courses, entries))

    async with running(old) as stop_old:
        await caught_up(old)
        generations = [(await StoredCursor(log.pool, it.name).read()).generation for it in BEFORE]
        reading = asyncio.create_task(read())
        async with running(new):
            for number in range(LEARNERS, LEARNERS + 5):
                await awarded(appender, number)
            await caught_up(new, "certificates")
            stop_old.set()
            for number in range(LEARNERS + 5, LEARNERS + 10):
                await awarded(appender, number)
            await caught_up(new)
            done.set()
            await reading

    assert seen == sorted(seen)
    assert seen[0][0] >= LEARNERS
    assert await log.pool.fetchval("select count(*) from certificates.awards") == LEARNERS + 10
    for projection in (CERTIFICATES, *BEFORE):
        assert (await new.check(projection.name)).differing == 0
    assert generations == [
        (await StoredCursor(log.pool, it.name).read()).generation for it in BEFORE
    ]


async def test_the_others_follow_while_a_long_log_is_built_into_a_new_view(
    log: EventLog, appender: Appender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands first in the registry, and nobody waits for it."""
    for number in range(LEARNERS):
        await awarded(appender, number)
    await Projector(log, BEFORE).catch_up()
    go_on, filled = asyncio.Event(), filling.fill

    async def slowly(*arguments: Any) -> None:
        await go_on.wait()
        await filled(*arguments)

    monkeypatch.setattr(rebuild, "fill", slowly)
    new = Projector(log, (CERTIFICATES, *BEFORE), Limits(bulk=10))
    async with running(new):
        await awarded(appender, LEARNERS)
        await caught_up(new, "progress", "events_log")
        certificates, *_ = await new.statuses()
        assert (certificates.rebuilding, certificates.problem) == (True, None)
        assert certificates.behind > 0
        go_on.set()
        await caught_up(new)
    assert await log.pool.fetchval("select count(*) from certificates.awards") == LEARNERS + 1
