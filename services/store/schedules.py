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


async def put(
    pool: asyncpg.Pool,
    schedule: Schedule,
    now: datetime,
    *,
    only_new: bool = False,
    dry_run: bool = False,
) -> Kept:
    """Keep it, in place of what it was; ``only_new``: only where there is none of that id.

    Its next slot is the first one after now, and after all that are on record. Where only what is
    done has changed and not when, the next slot stays, so that none is lost. ``dry_run``: as it
    would be kept; what there was stays.

    Raises:
        NoSlotLeftError: it is on, and has no slot any more.
        ScheduleExistsError: there is one, and ``only_new``.
    """
    async with pool.acquire() as connection, connection.transaction():
        found = await _locked(connection, schedule.school, schedule.schedule)
        keeping = connection.transaction()
        await keeping.start()
        kept = await _put(connection, schedule, found, now, only_new=only_new)
        await (keeping.rollback() if dry_run else keeping.commit())
        return kept


async def switch(
    pool: asyncpg.Pool, school: str, schedule: str, now: datetime, *, enabled: bool
) -> Kept | None:
    """Let it run, or rest, whatever else is changed at the moment; none where there is none.

    Raises:
        NoSlotLeftError: it is to run, and has no slot any more.
    """
    async with pool.acquire() as connection, connection.transaction():
        found = await _locked(connection, school, schedule)
        if found["definition"] is None:
            return None
        there = Schedule.model_validate_json(found["definition"])
        changed = there.model_copy(update={"enabled": enabled})
        return await _put(connection, changed, found, now, only_new=False)


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


async def _locked(connection: asyncpg.Connection, school: str, schedule: str) -> asyncpg.Record:
    return await connection.fetchrow(query("schedule_lock"), school, schedule)


async def _put(
    connection: asyncpg.Connection,
    schedule: Schedule,
    found: asyncpg.Record,
    now: datetime,
    *,
    only_new: bool,
) -> Kept:
    next_at = _next(schedule, found, now)
    if schedule.enabled and next_at is None:
        since = _since(found, now)
        raise NoSlotLeftError(
            f"{schedule.schedule} has no slot after {since:%Y-%m-%d %H:%M} UTC; give it a "
            "later time, or a rule that goes on."
        )
    row = await connection.fetchrow(
        query("schedule_put"),
        *(schedule.school, schedule.schedule, schedule.to_json().decode()),
        *(schedule.enabled, next_at, now, not only_new),
    )
    if row is None:
        raise ScheduleExistsError(f"There is a schedule {schedule.schedule} in the school.")
    return Kept(schedule, next_at, *row)


def _kept(row: asyncpg.Record) -> Kept:
    definition, *rest = row
    return Kept(Schedule.model_validate_json(definition), *rest)


def _next(schedule: Schedule, found: asyncpg.Record, now: datetime) -> datetime | None:
    if not schedule.enabled:
        return None
    next_at: datetime | None = found["next_at"]
    if next_at is not None:
        before = Schedule.model_validate_json(found["definition"])
        if _timing(before) == _timing(schedule):
            return next_at
    return next(slots(schedule, _since(found, now)), None)


def _since(found: asyncpg.Record, now: datetime) -> datetime:
    """Now, or the last slot that is on record if the clock was moved backwards since."""
    return max(now, found["last"] or now)


def _timing(schedule: Schedule) -> tuple[object, ...]:
    return schedule.timezone, schedule.starts_at, schedule.rule
