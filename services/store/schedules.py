"""Schedules and what became of their slots, as they are kept (B12)."""

from datetime import datetime
from typing import Literal, NamedTuple

import asyncpg

from services.domain.schedules import Schedule, slots
from services.store.sql import query

Outcome = Literal["begun", "nobody", "refused", "missed"]


class NoSlotLeftError(Exception):
    """``no_slot_left``: it would never begin anything."""

    code = "no_slot_left"


class ScheduleExistsError(Exception):
    """``schedule_exists``: the school has one of that id."""

    code = "schedule_exists"


class Kept(NamedTuple):
    """A schedule; ``next_at``: its next slot, none where none is left or it is off."""

    schedule: Schedule
    next_at: datetime | None
    created_at: datetime
    changed_at: datetime


class Slot(NamedTuple):
    """What became of a slot; ``code`` and ``message`` say why it was not as usual."""

    slot_at: datetime
    outcome: Outcome
    operation: str | None
    learners: int
    code: str | None
    message: str | None
    recorded_at: datetime


class Due(NamedTuple):
    """A schedule whose slot has come."""

    next_at: datetime
    school: str
    schedule: str


class _Before(NamedTuple):
    """What there was under an id, as JSON, and its next slot; ``last``: that is on record."""

    definition: str | None
    next_at: datetime | None
    last: datetime | None


async def put(
    pool: asyncpg.Pool, schedule: Schedule, now: datetime, *, only_new: bool = False
) -> Kept:
    """Keep it, in place of what it was; ``only_new``: only where there is none of that id.

    Its next slot is the first one after now, and after all that are on record. Where only what is
    done has changed and not when, the next slot stays, so that none is lost.

    Raises:
        NoSlotLeftError: it is on, and has no slot any more.
        ScheduleExistsError: there is one, and ``only_new``.
    """
    async with pool.acquire() as connection, connection.transaction():
        before = await _locked(connection, schedule.school, schedule.schedule)
        return await _put(connection, schedule, before, now, only_new=only_new)


async def look(
    pool: asyncpg.Pool, schedule: Schedule, now: datetime, *, only_new: bool = False
) -> Kept:
    """As ``put`` would keep it; nothing is written, and nothing is held: a slot may begin.

    Raises:
        NoSlotLeftError: as ``put``.
        ScheduleExistsError: as ``put``.
    """
    place = schedule.school, schedule.schedule
    there = await pool.fetchrow(query("schedule_read"), *place)
    last = next((it.slot_at for it in await slots_of(pool, *place, 1)), None)
    definition, next_at, created_at, _ = there or (None, None, now, now)
    next_at = _next_of(schedule, _Before(definition, next_at, last), now)
    if there is not None and only_new:
        raise _exists(schedule)
    return Kept(schedule, next_at, created_at, now)


async def switch(
    pool: asyncpg.Pool, school: str, schedule: str, now: datetime, *, enabled: bool
) -> Kept | None:
    """Let it run, or rest, whatever else is changed at the moment; none where there is none.

    Raises:
        NoSlotLeftError: it is to run, and has no slot any more.
    """
    async with pool.acquire() as connection, connection.transaction():
        before = await _locked(connection, school, schedule)
        if before.definition is None:
            return None
        there = Schedule.model_validate_json(before.definition)
        changed = there.model_copy(update={"enabled": enabled})
        return await _put(connection, changed, before, now, only_new=False)


async def read(pool: asyncpg.Pool, school: str, schedule: str) -> Kept | None:
    """The schedule, none where the school has none of that id."""
    row = await pool.fetchrow(query("schedule_read"), school, schedule)
    return None if row is None else _kept(row)


async def of_school(pool: asyncpg.Pool, school: str) -> list[Kept]:
    """All of a school's, in order of their ids."""
    return list(map(_kept, await pool.fetch(query("schedules_of_school"), school)))


async def remove(pool: asyncpg.Pool, school: str, schedule: str) -> bool:
    """Forget it; False where there is none. What became of its slots stays on record."""
    return await pool.fetchval(query("schedule_remove"), school, schedule) is not None


async def slots_of(
    pool: asyncpg.Pool, school: str, schedule: str, limit: int, before: datetime | None = None
) -> list[Slot]:
    """What became of its last slots, or of those before a slot, the newest first."""
    rows = await pool.fetch(query("schedule_slots"), school, schedule, limit, before)
    return [Slot(*row) for row in rows]


async def due(pool: asyncpg.Pool, now: datetime, after: Due | None, limit: int) -> list[Due]:
    """Schedules of all schools whose slot has come, the longest waiting first."""
    place = after or Due(datetime.min.replace(tzinfo=now.tzinfo), "", "")
    return [Due(*row) for row in await pool.fetch(query("schedules_due"), now, *place, limit)]


async def claim(connection: asyncpg.Connection, kept: Kept) -> bool:
    """Hold it until the end of the transaction; False where it is another one's, or has changed."""
    schedule, next_at, _, changed_at = kept
    place = schedule.school, schedule.schedule
    found = await connection.fetchval(query("schedule_claim"), *place, next_at, changed_at)
    return bool(found)


async def record(connection: asyncpg.Connection, school: str, schedule: str, slot: Slot) -> None:
    """Write what became of a slot; what is on record stays."""
    await connection.execute(query("schedule_slot_put"), school, schedule, *slot)


async def move(
    connection: asyncpg.Connection, school: str, schedule: str, next_at: datetime | None
) -> None:
    """Set its next slot."""
    await connection.execute(query("schedule_next"), school, schedule, next_at)


async def _locked(connection: asyncpg.Connection, school: str, schedule: str) -> _Before:
    return _Before(*await connection.fetchrow(query("schedule_lock"), school, schedule))


async def _put(
    connection: asyncpg.Connection,
    schedule: Schedule,
    before: _Before,
    now: datetime,
    *,
    only_new: bool,
) -> Kept:
    next_at = _next_of(schedule, before, now)
    row = await connection.fetchrow(
        query("schedule_put"),
        *(schedule.school, schedule.schedule, schedule.to_json().decode()),
        *(schedule.enabled, next_at, now, not only_new),
    )
    if row is None:
        raise _exists(schedule)
    return Kept(schedule, next_at, *row)


def _exists(schedule: Schedule) -> ScheduleExistsError:
    return ScheduleExistsError(f"There is a schedule {schedule.schedule} in the school.")


def _kept(row: asyncpg.Record) -> Kept:
    definition, *rest = row
    return Kept(Schedule.model_validate_json(definition), *rest)


def _next_of(schedule: Schedule, before: _Before, now: datetime) -> datetime | None:
    """Its next slot; none where it is off.

    Raises:
        NoSlotLeftError: it is on, and has none.
    """
    if not schedule.enabled:
        return None
    if before.definition is not None and before.next_at is not None:
        there = Schedule.model_validate_json(before.definition)
        if _timing(there) == _timing(schedule):
            return before.next_at
    since = max(now, before.last or now)  # the clock may have been moved backwards since
    next_at = next(slots(schedule, since), None)
    if next_at is None:
        raise NoSlotLeftError(
            f"{schedule.schedule} has no slot after {since:%Y-%m-%d %H:%M} UTC; give it a "
            "later time, or a rule that goes on."
        )
    return next_at


def _timing(schedule: Schedule) -> tuple[object, ...]:
    return schedule.timezone, schedule.starts_at, schedule.rule
