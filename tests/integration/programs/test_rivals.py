"""A crash and a second instance award nothing twice, and lose nothing (B12)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from services.programs.awarding import TYPES, Awarding
from services.programs.reading import NAME
from services.store.cursors import Cursor
from services.store.log import EventLog, VersionConflict
from services.store.poison import PoisonEventError
from services.store.records import ORIGIN, NewEvent
from services.store.skips import skip
from tests.support.appended import Appender
from tests.support.awarding import completes, follow, following, found, publish, whose
from tests.support.programs import program
from tests.support.school import day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.runtime.following import LogFollower
    from services.store.records import Receipt


async def to_the_end(part: LogFollower) -> None:
    while await part.step():
        pass


class KilledError(BaseException):
    """Killed between the append and the cursor."""


class Killed(EventLog):
    """Whoever appends to it is dead afterwards."""

    async def append(self, events: Sequence[NewEvent], receipts: Sequence[Receipt] = ()) -> None:
        await super().append(events, receipts)
        if events:
            raise KilledError


async def test_b12_killed_between_append_and_cursor_it_awards_nothing_twice(log: EventLog) -> None:
    appender = Appender(log)
    await completes(appender, "u-1", "algae")
    await publish(appender, program("algae"), program("moss", program="p-moss"))
    await completes(appender, "u-1", "moss")
    for expected in (1, 2):
        with pytest.raises(KilledError):
            await follow(Killed(log.pool))
        assert len(await found(log)) == expected
        assert await Cursor(log.pool, NAME).read() == ORIGIN
    await follow(log)
    assert await whose(log) == [("u-1", "p-green"), ("u-1", "p-moss")]


async def test_b12_two_instances_at_once_award_once(log: EventLog) -> None:
    appender = Appender(log)
    await publish(appender, program("algae", "moss"), program("algae", program="p-algae"))
    for n in range(40):
        await completes(appender, f"u-{n}", "algae", "moss")
    parts = [following(log, limit=3) for _ in range(3)]
    await asyncio.gather(*map(to_the_end, parts))
    await follow(log)
    assert len(await found(log)) == len(set(await whose(log))) == 80


async def test_b12_who_slept_while_another_followed_knows_the_versions_of_now(
    log: EventLog,
) -> None:
    """The other one took in a new version, and moved the cursor past it."""
    appender = Appender(log)
    await publish(appender, program("algae"))
    await completes(appender, "u-1", "algae")
    sleeper = following(log)
    await to_the_end(sleeper)
    await publish(appender, program("algae", "moss", version=2))
    await follow(log)
    await completes(appender, "u-2", "algae")
    await to_the_end(sleeper)
    assert await whose(log) == [("u-1", "p-green")]


class Contested(EventLog):
    """A log where another instance comes first."""

    async def append(self, events: Sequence[NewEvent], receipts: Sequence[Receipt] = ()) -> None:
        if events:
            rival = Awarding(EventLog(self.pool), lambda: day(39))
            await rival.do(await self.follow(ORIGIN, 1_000))
        await super().append(events, receipts)


async def test_b12_who_comes_second_finds_it_awarded(log: EventLog) -> None:
    appender = Appender(log)
    await publish(appender, program("algae"))
    await completes(appender, "u-1", "algae")
    await follow(Contested(log.pool))
    assert [it.recorded_at for it in await found(log)] == [day(39)]


class Full(EventLog):
    """A log where others are always first."""

    async def append(self, *_: object) -> None:
        raise VersionConflict


async def test_who_always_comes_second_gives_up_in_the_end(log: EventLog) -> None:
    appender = Appender(log)
    await publish(appender, program("algae"))
    await completes(appender, "u-1", "algae")
    with pytest.raises(VersionConflict):
        await follow(Full(log.pool))


async def test_b12_an_event_that_cannot_be_read_stops_the_part_and_is_skipped_on_record(
    log: EventLog,
) -> None:
    """What stands before it is awarded; what stands behind it comes after the skip."""
    appender = Appender(log)
    await publish(appender, program("algae"))
    await completes(appender, "u-1", "algae")
    await log.append([NewEvent("riverside/u-2/algae", 1, TYPES[0], b"{}")])
    await completes(appender, "u-3", "algae")
    with pytest.raises(PoisonEventError, match="riverside/u-2/algae@1") as stopped:
        await follow(log)
    assert await whose(log) == [("u-1", "p-green")]
    at = await Cursor(log.pool, NAME).read()
    await Cursor(log.pool, NAME).fail(at, str(stopped.value), stopped.value.position)
    await skip(log.pool, NAME, stopped.value.position, "a test", "u-7")
    await follow(log)
    assert await whose(log) == [("u-1", "p-green"), ("u-3", "p-green")]
    await publish(appender, program("algae", program="p-blue"))
    await follow(log)
    assert (await whose(log))[2:] == [("u-1", "p-blue"), ("u-3", "p-blue")]
