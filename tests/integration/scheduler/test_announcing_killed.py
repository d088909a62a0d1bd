"""``coursemark run scheduler``, killed -9 again and again among its warnings (B12)."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from contracts.topics import Stream
from services.runtime.embedded.waiting import until
from tests.support.announcing import found, keep, project
from tests.support.appended import Appender
from tests.support.command_line import process
from tests.support.happened import course_completed, enrolled
from tests.support.recertifying import recertification
from tests.support.school import COURSE, SCHOOL, day

if TYPE_CHECKING:
    from services.store.log import EventLog

SCHEDULES, LEARNERS = 10, 600
ALL = SCHEDULES * LEARNERS


@pytest.mark.slow
async def test_b12_schedulers_that_are_killed_again_and_again_tell_everybody_once(
    log: EventLog, database_url: str
) -> None:
    """Two processes at a time, each killed at a random moment, until all schedules have warned."""
    since = (datetime.now(UTC) - day(0)).days - 350
    streams = [Stream(SCHOOL, f"u-{number:04}", COURSE) for number in range(LEARNERS)]
    appender = Appender(log)
    drafts = enrolled(since), course_completed("earned", on=since)
    await appender.append(
        [(str(it), event) for it in streams for event in appender.events(*drafts, to=it)]
    )
    await project(log)
    await keep(log, *(recertification(schedule=f"s-{number:02}") for number in range(SCHEDULES)))

    async def told() -> int:
        sql = "select count(*) from stored_events where originator_id like '%/~recertification'"
        number: int = await log.pool.fetchval(sql)
        return number

    async def killed_somewhere() -> None:
        running = await process("run", "scheduler", "--database", database_url)
        aim = await told() + random.randrange(1, ALL // 2)

        async def there() -> bool:
            return await told() >= min(aim, ALL)

        assert await until(there, within=60, every=0.01)
        running.send_signal(signal.SIGKILL)
        await running.communicate()

    while await told() < ALL:
        await asyncio.gather(killed_somewhere(), killed_somewhere())

    events = await found(log)
    assert len(events) == len({it.command_id for it in events}) == ALL
    assert Counter(it.schedule for it in events) == {
        f"s-{number:02}": LEARNERS for number in range(SCHEDULES)
    }
    assert {it.learner for it in events} == {it.learner for it in streams}
