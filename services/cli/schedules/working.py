"""What the commands of ``coursemark schedules`` read and change."""

from datetime import datetime
from itertools import islice
from typing import NamedTuple

import asyncpg

from services.cli import errors
from services.cli.running import database
from services.cli.schedules.keeping import SHOWN
from services.domain.schedules import slots
from services.runtime.clock import now
from services.runtime.settings import Settings
from services.scheduler.meant import Meant, meant
from services.store import schedules
from services.store.schedules import Kept, Slot


class UnknownScheduleError(errors.CommandError):
    """``unknown_schedule``: the school has none of that id."""

    code = "unknown_schedule"
    exit_code = errors.USAGE

    def __init__(self, school: str, name: str) -> None:
        super().__init__(
            f"{school} has no schedule {name}; see `coursemark schedules list --school {school}`."
        )


class Looked(NamedTuple):
    """A schedule, its next slots, whom it would be for now, and what became of the last slots."""

    kept: Kept
    slots: list[datetime]
    meant: Meant
    record: list[Slot]


async def known(pool: asyncpg.Pool, school: str, name: str) -> Kept:
    """The schedule.

    Raises:
        UnknownScheduleError: the school has none of that id.
    """
    kept = await schedules.read(pool, school, name)
    if kept is None:
        raise UnknownScheduleError(school, name)
    return kept


async def list_(settings: Settings, school: str) -> list[Kept]:
    """A school's schedules."""
    async with database(settings) as pool:
        return await schedules.of_school(pool, school)


async def look(settings: Settings, school: str, name: str) -> Looked:
    """Everything about one.

    Raises:
        UnknownScheduleError: the school has none of that id.
    """
    async with database(settings) as pool:
        kept = await known(pool, school, name)
        at = now()
        coming = islice(slots(kept.schedule, at), SHOWN) if kept.schedule.enabled else ()
        found = await meant(pool, kept.schedule, at)
        record = await schedules.slots_of(pool, school, name, SHOWN)
        return Looked(kept, list(coming), found, record)


async def slots_of(settings: Settings, school: str, name: str, limit: int) -> list[Slot]:
    """What became of its slots; of one that was removed, too.

    Raises:
        UnknownScheduleError: the school has none of that id, and never had a slot of it.
    """
    async with database(settings) as pool:
        found = await schedules.slots_of(pool, school, name, limit)
        if not found and await schedules.read(pool, school, name) is None:
            raise UnknownScheduleError(school, name)
        return found


async def remove(settings: Settings, school: str, name: str) -> None:
    """Remove it.

    Raises:
        UnknownScheduleError: the school has none of that id.
    """
    async with database(settings) as pool:
        if not await schedules.remove(pool, school, name):
            raise UnknownScheduleError(school, name)


async def switch(settings: Settings, school: str, name: str, *, enabled: bool) -> Kept:
    """Let it run, or rest.

    Raises:
        UnknownScheduleError: the school has none of that id.
        NoSlotLeftError: it is to run, and has no slot any more.
    """
    async with database(settings) as pool:
        kept = await schedules.switch(pool, school, name, now(), enabled=enabled)
        if kept is None:
            raise UnknownScheduleError(school, name)
        return kept
