"""Follow the log, do the work, move the cursor: for ever.

The work is done at least once: a crash between it and the cursor lets it be done again, and so do
two followers of one name, as while one is replaced. Whoever finds the cursor moved by the other
says so to its work, and goes on from there.

An event with which the work cannot be done stops this follower alone. The page that it is in is
halved until it stands by itself, so that all before it is done; then the follower waits until the
event is skipped, on record, or its error cleared.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol, TypeVar

from services.runtime.bus.outbox import OutboxError
from services.runtime.patience import patiently
from services.runtime.pausing import until_set
from services.runtime.readiness import Ready, nobody_waits
from services.store.cursors import Cursor, CursorMovedError
from services.store.failures import passes
from services.store.log import EventLog, VersionConflict
from services.store.poison import PoisonEventError
from services.store.records import FollowedEvent, Position
from services.store.skips import NONE, goes_on, skips_of

SHORTEST_PAUSE, LONGEST_PAUSE = 0.005, 0.05
"""Seconds between two looks at a log that had nothing new; doubled up to the longest."""
LOOK = 1.0
"""Seconds between two looks whether a follower that has stopped may go on."""
FAR = 10_000
"""Events of other types that are passed in memory before the cursor is moved past them."""

log = logging.getLogger(__name__)
T = TypeVar("T")


class Work(Protocol):
    """What is done with the events."""

    @property
    def name(self) -> str:
        """Its cursor's name; never changed."""

    @property
    def topics(self) -> Collection[str] | None:
        """The event types that it follows; none: all."""

    async def until(self) -> Position | None:
        """How far it may go now; none: to the head of the log."""

    async def do(self, events: Sequence[FollowedEvent]) -> None:
        """Do it; when it returns, all that comes of these events is durable."""

    def moved(self) -> None:
        """The cursor is not where this one left it: what is remembered may be of earlier."""

    def overtaken(self) -> None:
        """Another one moved the cursor while the last was done, or may have."""

    async def settle(self) -> None:
        """Put right what another one may have done meanwhile; asked before each look at the log."""


class LogFollower:
    """One work on one log, ``limit`` events at a time."""

    def __init__(
        self, event_log: EventLog, work: Work, limit: int, patience_seconds: float
    ) -> None:
        self._log = event_log
        self._work = work
        self._limit = limit
        self._patience = patience_seconds
        self._cursor = Cursor(event_log.pool, work.name)
        self._size = limit
        self._position: Position | None = None
        self._stood_at: Position | None = None
        self._skips = NONE
        self._passed: tuple[Position, Position] | None = None

    async def run(self, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
        """Follow until ``stop`` is set; ``ready`` is called after the first look at the log.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away.
        """
        pause, first = SHORTEST_PAUSE, True
        while not stop.is_set():
            done, poison = await self._try_step()
            if first:
                ready()
                first = False
            if poison is not None:
                await self._until_it_may(poison, stop)
            if done:
                pause = SHORTEST_PAUSE
                continue
            await until_set(stop, pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def step(self) -> int:
        """Take the next events; returns how many were passed, 0 at the head of the log.

        Raises:
            PoisonEventError: nothing can be done with the next event; all before it is done.
        """
        await self._work.settle()
        start, until = await self._start(), await self._until()
        events = await self._next(start, until)
        if not events:
            self._position = None  # somebody may set the cursor back, to have it done again
            await self._pass(start, until)
            return 0
        if not await self._do_or_halve(events):
            return len(events)
        end = events[-1].position
        self._position = None  # read again, should the move fail
        try:
            await self._cursor.move(start, end, len(events))
        except CursorMovedError:
            log.warning("%s: another one was here; going on from its cursor", self._work.name)
            self._work.overtaken()
            await self._work.settle()
            return len(events)
        except Exception:
            self._work.overtaken()  # as it may have been: the next step goes on from the cursor
            raise
        self._position = self._stood_at = end
        return len(events)

    async def _start(self) -> Position:
        """Where the cursor stands; what is known is read again where somebody else moved it."""
        if self._position is None:
            self._position = await self._cursor.read()
        if self._position != self._stood_at:
            self._work.moved()
            self._skips = await skips_of(self._log.pool, self._work.name)
            self._stood_at = self._position
        return self._position

    async def _do_or_halve(self, events: Sequence[FollowedEvent]) -> bool:
        """Do it; False where something is wrong with a page, whose first half comes next."""
        skips = self._skips
        wanted = [it for it in events if (it.originator_id, it.originator_version) not in skips]
        try:
            await self._work.do(wanted)
        except Exception as error:
            if passes(error) or isinstance(error, OutboxError | VersionConflict):
                raise  # no fault of an event's
            if len(events) == 1:
                self._size = self._limit
                position, name, version, *_ = events[0]
                raise PoisonEventError(self._work.name, name, version, position, error) from error
            self._size = len(events) // 2
            return False
        self._size = min(2 * self._size, self._limit)
        return True

    async def _try_step(self) -> tuple[int, PoisonEventError | None]:
        try:
            return await self._patiently(self.step), None
        except PoisonEventError as poison:
            return 0, poison

    async def _until_it_may(self, poison: PoisonEventError, stop: asyncio.Event) -> None:
        """Write down what stops the follower, and wait until it is gone."""
        start, name = await self._start(), self._work.name
        log.error("%s has stopped: %s", name, poison)
        fail = partial(self._cursor.fail, start, str(poison), poison.position)
        await self._patiently(fail)
        while not stop.is_set():
            await until_set(stop, LOOK)
            if await self._patiently(partial(goes_on, self._log.pool, name, poison)):
                log.info("%s tries again", name)
                break
        self._position = self._stood_at = None

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        return await patiently(work, self._patience, self._work.name)

    async def _until(self) -> Position | None:
        """Where this step ends; for a work of some types always a place, which it can pass."""
        until = await self._work.until()
        if until is None and self._work.topics is not None:
            return await self._log.head()
        return until

    async def _next(self, start: Position, until: Position | None) -> Sequence[FollowedEvent]:
        """What comes after ``start``, without looking again where nothing was."""
        if self._passed is not None and self._passed[0] == start:
            start = self._passed[1]
        if until is not None and until <= start:
            return ()
        return await self._log.follow(start, self._size, until=until, topics=self._work.topics)

    async def _pass(self, start: Position, until: Position | None) -> None:
        """Keep in mind that nothing is there up to ``until``; write it down when it is far."""
        if until is None:
            return
        self._passed = start, until
        if until.notification_id - start.notification_id < FAR:
            return
        with suppress(CursorMovedError):  # by another one, which passes the same
            await self._cursor.move(start, until)
