"""Slots that have come: each begins its operation once, whoever is killed, and is on record.

Who is meant is found out first, in no transaction, since that may take a while. Then one short
transaction holds the schedule, writes what becomes of the slot, begins the operation and sets the
next slot; whoever finds it changed meanwhile leaves it alone.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import asyncpg

from services.domain import limits
from services.domain.bulk import Row, steps
from services.domain.decision import Refused
from services.domain.schedules import Schedule, search_of
from services.domain.slots import Plan, operation_id, parts, plan
from services.operations.beginning import begin, unknown
from services.operations.permission import refusal
from services.scheduler.meant import Meant, meant, view_of
from services.store import schedules
from services.store.cursors import Cursor
from services.store.failures import passes
from services.store.log import EventLog
from services.store.policies import policy_of
from services.store.schedules import Due, Kept, Slot

if TYPE_CHECKING:
    from services.store.records import Position

PICKED = 100
"""Schedules that are looked at together."""
FIRST_REST, LONGEST_REST = 1.0, 600.0
"""Seconds that a schedule rests after a fault of ours; each rest is twice the one before."""
_MISSED = "It was missed: nothing began it in time."
log = logging.getLogger(__name__)


class _Rest(NamedTuple):
    until: float
    seconds: float


class Slots:
    """Of all schools of a log; ``clock`` tells which slots have come."""

    def __init__(self, event_log: EventLog, clock: Callable[[], datetime]) -> None:
        self._log, self._pool = event_log, event_log.pool
        self._clock = clock
        self._heads: dict[Due, Position] = {}
        self._rests: dict[Due, _Rest] = {}

    async def turn(self) -> bool:
        """Take up the schedule that has waited for the longest; False where none could go on."""
        now, last = self._clock(), None
        seen: set[Due] = set()
        while page := await schedules.due(self._pool, now, last, PICKED):
            for it in page:
                if await self._taken_up(it, now):
                    return True
            last = page[-1]
            seen |= set(page)
        self._heads = {it: head for it, head in self._heads.items() if it in seen}
        self._rests = {it: rest for it, rest in self._rests.items() if it in seen}
        return False

    async def _taken_up(self, due: Due, now: datetime) -> bool:
        """False where it has to wait, or is another one's."""
        time = asyncio.get_running_loop().time()
        rest = self._rests.get(due, _Rest(time, FIRST_REST / 2))
        if time < rest.until:
            return False
        try:
            return await self._take_up(due, now)
        except Exception as error:
            if passes(error):
                raise
            log.exception("the schedule %s of %s failed", due.schedule, due.school)
            seconds = min(2 * rest.seconds, LONGEST_REST)
            self._rests[due] = _Rest(time + seconds, seconds)
            return False

    async def _take_up(self, due: Due, now: datetime) -> bool:
        kept = await schedules.read(self._pool, due.school, due.schedule)
        if kept is None or kept.next_at != due.next_at:
            return False
        planned = plan(kept.schedule, due.next_at, now)
        found: Meant | Refused | None = None
        if planned.slot is not None:
            found = await refused_now(self._pool, kept.schedule, now)
            if found is None and await self._is_behind(due, view_of(kept.schedule)):
                return False
            found = found or await meant(self._pool, kept.schedule, planned.slot)
        async with self._pool.acquire() as connection, connection.transaction():
            return await self._carry_out(connection, kept, planned, found, now)

    async def _is_behind(self, due: Due, view: str | None) -> bool:
        """Whether the view has still to come to where the log was when the slot was first seen."""
        if view is None:
            return False
        if due not in self._heads:
            self._heads[due] = await self._log.head()
        return await Cursor(self._pool, view).read() < self._heads[due]

    async def _carry_out(
        self,
        connection: asyncpg.Connection,
        kept: Kept,
        planned: Plan,
        found: Meant | Refused | None,
        now: datetime,
    ) -> bool:
        if not await schedules.claim(connection, kept):
            return False
        place = kept.schedule.school, kept.schedule.schedule
        for slot in _missed(planned, now):
            await schedules.record(connection, *place, slot)
        if planned.slot is not None and found is not None:
            slot = await _became(connection, kept.schedule, planned.slot, found, now)
            await schedules.record(connection, *place, slot)
        await schedules.move(connection, *place, planned.next_at)
        return True


async def refused_now(pool: asyncpg.Pool, schedule: Schedule, now: datetime) -> Refused | None:
    """Why nobody may begin it, as of any administrator's command; none: it may begin."""
    refused = await refusal(pool, schedule.school, schedule.actor)
    if refused is not None:
        return refused
    (one,) = parts(schedule, "-", search_of(schedule.task) or ["-"])
    policy = await policy_of(pool, schedule.school)
    for step in steps(one.command, Row(1, "-", "-"), schedule.actor, 0):
        refused = limits.refusal(step.command, policy, now)
        if refused is not None:
            return refused
    async with pool.acquire() as connection:
        return await unknown(connection, one.command)


async def _became(
    connection: asyncpg.Connection,
    schedule: Schedule,
    slot: datetime,
    found: Meant | Refused,
    now: datetime,
) -> Slot:
    """What to put down; the operation has begun then, where one could."""
    if isinstance(found, Meant) and found.number:
        operation = operation_id(schedule.schedule, slot)
        refused = await _begin(connection, schedule, operation, found, now)
        if refused is None:
            return Slot(slot, "begun", operation, found.number, None, None, now)
        found = refused
    if isinstance(found, Refused):
        return Slot(slot, "refused", None, 0, found.code, found.message, now)
    return Slot(slot, "nobody", None, 0, None, None, now)


async def _begin(
    connection: asyncpg.Connection, schedule: Schedule, operation: str, found: Meant, now: datetime
) -> Refused | None:
    """All parts, or, where one is refused, none."""
    savepoint = connection.transaction()
    await savepoint.start()
    for asked in parts(schedule, operation, found.whom, found.completed_until):
        refused = await begin(connection, *asked, now, schedule.schedule)
        if refused is not None:
            await savepoint.rollback()
            return refused
    await savepoint.commit()
    return None


def _missed(planned: Plan, now: datetime) -> Iterator[Slot]:
    more = planned.unlisted
    for at in planned.missed:
        said = f"{_MISSED} So were {more:,} slots before it." if more else _MISSED
        yield Slot(at, "missed", None, 0, None, said, now)
        more = 0
