"""The audit log, written beside the answers: entries are gathered, and written together.

What is not written yet is bounded: where PostgreSQL stays away for long, the newest are lost, and
how many is logged. A stop in good order writes all of it.
"""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from services.runtime.pausing import until_set
from services.runtime.together import beside
from services.store.audit import AuditLog, Entry
from services.store.failures import passes

EVERY = 0.2
"""Seconds between two writes."""
SLOWLY = 2.0
"""The same after one that failed."""
WRITE_SECONDS = 5.0
"""For one write; what was cut off is written again, and is there once."""
LAST_SECONDS = 5.0
"""For the last write of a stop."""
TOGETHER = 1_000
HELD = 20_000
"""Entries that wait to be written, at the most."""
KINDS = 5_000
"""Of refusals that are being counted."""
COUNTED = timedelta(minutes=1)
SWEEP_SECONDS = 3_600.0

log = logging.getLogger(__name__)


class _Counted(NamedTuple):
    """Refusals of one kind since ``begun``, the first of which is on its way; ``last``: of them."""

    begun: datetime
    last: Entry | None


class Recorder:
    """Writes while ``running`` is entered."""

    def __init__(self, audit: AuditLog, clock: Callable[[], datetime], days: int) -> None:
        self._audit = audit
        self._clock = clock
        self._kept = timedelta(days=days)
        self._waiting: deque[Entry] = deque()
        self._counted: OrderedDict[tuple[object, ...], _Counted] = OrderedDict()
        self._lost = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write what comes, all of it before this is left; forget what is old."""
        stop = asyncio.Event()
        async with beside(self._sweep()), asyncio.TaskGroup() as group:
            group.create_task(self._run(stop))
            try:
                yield
            finally:
                stop.set()

    def record(self, entry: Entry) -> None:
        """Have it written."""
        if len(self._waiting) < HELD:
            self._waiting.append(entry)
            return
        if not self._lost:
            log.error("the audit log cannot be written: from now on entries are lost")
        self._lost += entry.times

    def count(self, entry: Entry) -> None:
        """Have the first of its kind written, and how many more of it come within a minute."""
        kind = (*entry[2:7], *entry[8:13])
        counted = self._counted.get(kind)
        if counted is None:
            self._counted[kind] = _Counted(entry.at, None)
            self.record(entry)
            if len(self._counted) > KINDS:
                self._tell(self._counted.popitem(last=False)[1])
        else:
            times = 1 if counted.last is None else counted.last.times + 1
            self._counted[kind] = counted._replace(last=entry._replace(times=times))

    def _tell(self, counted: _Counted) -> None:
        if counted.last is not None:
            self.record(counted.last)

    def _end_counts(self, *, every: bool) -> None:
        """Of kinds that have been counted for long enough, the oldest of which come first."""
        now = self._clock()
        while self._counted:
            kind, counted = next(iter(self._counted.items()))
            if not every and counted.begun + COUNTED > now:
                return
            del self._counted[kind]
            self._tell(counted)

    async def _run(self, stop: asyncio.Event) -> None:
        pause = EVERY
        while not await until_set(stop, pause):
            self._end_counts(every=False)
            pause = EVERY if await self._write() else SLOWLY
        self._end_counts(every=True)
        try:
            async with asyncio.timeout(LAST_SECONDS):
                await self._write()
        except TimeoutError:
            log.warning("the audit log is not written in time")
        lost = self._lost + sum(it.times for it in self._waiting)
        if lost:
            log.error("%d entries of the audit log are lost", lost)

    async def _write(self) -> bool:
        """Write what waits; whether that could be done."""
        while self._waiting:
            batch = list(islice(self._waiting, TOGETHER))
            try:
                async with asyncio.timeout(WRITE_SECONDS):
                    await self._audit.append(batch)
            except Exception as error:
                if not passes(error):
                    raise
                log.warning("the audit log waits: %s", type(error).__name__)
                return False
            for _ in batch:
                self._waiting.popleft()
        if self._lost:
            log.error("%d entries of the audit log were lost", self._lost)
            self._lost = 0
        return True

    async def _sweep(self) -> None:
        while True:
            try:
                await self._audit.forget(self._clock() - self._kept)
            except Exception as error:
                if not passes(error):
                    raise
                log.warning("old entries of the audit log stay: %s", type(error).__name__)
            await asyncio.sleep(SWEEP_SECONDS)
