"""A crash and a second scheduler tell nobody twice, and leave nobody out (B12)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from services.scheduler.announcing import Announcing
from services.scheduler.telling import TRIES, Warned, tell
from services.store.log import EventLog, VersionConflict
from tests.support.announcing import (
    SOON_DUE,
    announce,
    completes,
    found,
    keep,
    project,
    to_the_end,
    whom,
)
from tests.support.appended import Appender
from tests.support.recertifying import recertification
from tests.support.school import COURSE, day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.store.records import NewEvent, Receipt

NOW = day(SOON_DUE)
LEARNERS = [f"u-{n:02}" for n in range(20)]


async def given(log: EventLog) -> None:
    appender = Appender(log)
    await keep(log, recertification(), recertification(schedule="other", warn_days=20))
    await completes(appender, *LEARNERS)
    await project(log)


class KilledError(BaseException):
    """Killed as soon as something was appended."""


class Killed(EventLog):
    """Whoever appends to it is dead afterwards."""

    async def append(self, events: Sequence[NewEvent], receipts: Sequence[Receipt] = ()) -> None:
        await super().append(events, receipts)
        if events:
            raise KilledError


class KilledBefore(EventLog):
    """Whoever appends to it dies before."""

    async def append(self, events: Sequence[NewEvent], *_: object) -> None:
        if events:
            raise KilledError


async def test_b12_killed_before_and_after_each_append_it_tells_each_once(log: EventLog) -> None:
    await given(log)
    for expected in (7, 14, 20, 27, 34, 40):
        with pytest.raises(KilledError):
            await announce(KilledBefore(log.pool), NOW, learners=7)
        with pytest.raises(KilledError):
            await announce(Killed(log.pool), NOW, learners=7)
        assert len(await found(log)) == expected
    await announce(log, NOW)
    by_schedule = sorted((it.schedule, it.learner) for it in await found(log))
    assert by_schedule == [(name, it) for name in ("other", "yearly") for it in LEARNERS]


async def test_b12_two_schedulers_at_once_tell_each_once(log: EventLog) -> None:
    await given(log)
    parts = [Announcing(log, lambda: NOW, learners=size) for size in (3, 3, 5, 20)]
    await asyncio.gather(*map(to_the_end, parts))
    await announce(log, NOW)
    assert sorted(await whom(log)) == sorted(LEARNERS * 2)
    assert len({it.command_id for it in await found(log)}) == 2 * len(LEARNERS)


class Contested(EventLog):
    """A log where another scheduler comes first."""

    async def append(self, events: Sequence[NewEvent], receipts: Sequence[Receipt] = ()) -> None:
        if events:
            await announce(EventLog(self.pool), day(SOON_DUE - 1))
        await super().append(events, receipts)


async def test_b12_who_comes_second_finds_it_told(log: EventLog) -> None:
    await given(log)
    await announce(Contested(log.pool), NOW)
    assert {it.recorded_at for it in await found(log)} == {day(SOON_DUE - 1)}
    assert len(await whom(log)) == 2 * len(LEARNERS)


class Full(EventLog):
    """A log where others are always first."""

    tries = 0

    async def append(self, *_: object) -> None:
        self.tries += 1
        raise VersionConflict


async def test_who_always_comes_second_gives_up_in_the_end(log: EventLog) -> None:
    await given(log)
    full = Full(log.pool)
    warned = Warned(recertification(), "u-01", COURSE, 2, 1, day(0), day(365))
    with pytest.raises(VersionConflict):
        await tell(full, [warned], NOW)
    assert full.tries == TRIES
