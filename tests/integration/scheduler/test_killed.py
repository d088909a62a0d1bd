"""``coursemark run scheduler``, killed -9 again and again among its slots (B12)."""

from __future__ import annotations

import asyncio
import random
import signal
from typing import TYPE_CHECKING

import pytest

from services.domain.schedules import Enrol, Tagged
from services.runtime.embedded.waiting import until
from tests.support.command_line import process
from tests.support.recertifying import recertification
from tests.support.scheduling import Academy
from tests.support.school import COURSE

if TYPE_CHECKING:
    from services.store.log import EventLog

SCHEDULES, LEARNERS = 16, 2_500


@pytest.mark.slow
async def test_b12_a_scheduler_that_is_killed_again_and_again_runs_every_slot_once(
    log: EventLog, database_url: str
) -> None:
    """Two processes of it, each killed at random moments, until every schedule has had its slot."""
    academy = await Academy(log).open()
    learners = [f"u-{number:04}" for number in range(LEARNERS)]
    await academy.user(*learners, tags=("nurse",))
    task = Enrol(whom=Tagged(tags=("nurse",)), courses=(COURSE,))
    made = [
        recertification(schedule=f"s-{number:02}", rule=None).model_copy(update={"task": task})
        for number in range(SCHEDULES)
    ]
    start = academy.now.replace(tzinfo=None)
    await academy.put(-1, *(it.model_copy(update={"starts_at": start}) for it in made))
    # Their slot has come a moment ago, by the clock of the processes.
    await log.pool.execute("update schedules set next_at = now() - interval '1 second'")

    async def on_record() -> int:
        found: int = await log.pool.fetchval("select count(*) from schedule_slots")
        return found

    async def killed_somewhere() -> None:
        running = await process("run", "scheduler", "--database", database_url)
        aim = await on_record() + random.randrange(1, SCHEDULES // 3)

        async def there() -> bool:
            return await on_record() >= min(aim, SCHEDULES)

        assert await until(there, within=60, every=0.005)
        running.send_signal(signal.SIGKILL)
        await running.communicate()

    while await on_record() < SCHEDULES:
        await asyncio.gather(killed_somewhere(), killed_somewhere())

    parts = await log.pool.fetch(
        "select s.schedule, s.outcome, s.learners, count(p.part) as parts,"
        " sum(jsonb_array_length(convert_from(p.body, 'UTF8')::jsonb -> 'learners')) as named"
        " from schedule_slots s left join operation_parts p using (school, operation)"
        " group by s.schedule, s.slot_at, s.outcome, s.learners order by s.schedule"
    )
    assert [tuple(row) for row in parts] == [
        (it.schedule, "begun", LEARNERS, 3, LEARNERS) for it in made
    ]
    operations = await log.pool.fetchval("select count(*) from operations")
    assert operations == SCHEDULES
    assert await log.pool.fetchval("select count(*) from schedules where next_at is not null") == 0
