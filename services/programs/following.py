"""Follow the log, award, move the cursor: for ever.

A second instance does no harm: what it appends is refused where the first came before, and who
finds the cursor moved goes on from there.
"""

import asyncio
import logging
from collections.abc import Sequence

from services.programs.awarding import TYPES, Awarding
from services.runtime.patience import patiently
from services.runtime.readiness import Ready, nobody_waits
from services.store.cursors import Cursor, CursorMovedError
from services.store.log import EventLog
from services.store.records import ORIGIN, FollowedEvent, Position

NAME = "learning-programs"
"""The part's and its cursor's; never changed."""
LIMIT = 1_000
"""Events at a time."""
FAR = 10_000
"""Events of other types that are passed in memory before the cursor is moved past them."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.01, 0.1
"""Seconds between two looks at a log that had nothing new; doubled up to the longest."""

log = logging.getLogger(__name__)


class Following:
    """The part on one log."""

    def __init__(
        self, event_log: EventLog, awarding: Awarding, patience_seconds: float, limit: int = LIMIT
    ) -> None:
        self._log = event_log
        self._awarding = awarding
        self._patience = patience_seconds
        self._limit = limit
        self._cursor = Cursor(event_log.pool, NAME)
        self._passed = ORIGIN, ORIGIN

    async def run(self, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
        """Award until ``stop`` is set; ``ready`` is called after the first look at the log.

        Raises:
            OutOfPatienceError: PostgreSQL stayed away.
        """
        pause, first = SHORTEST_PAUSE, True
        while not stop.is_set():
            handled = await patiently(self.step, self._patience, NAME)
            if first:
                ready()
                first = False
            if handled:
                pause = SHORTEST_PAUSE
                continue
            await _until_set(stop, pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def step(self) -> int:
        """Award what the next events lead to; returns how many they were, 0 at the log's head."""
        start, head = await self._cursor.read(), await self._log.head()
        events = await self._next(start, head)
        await self._awarding.handle(events)
        try:
            await self._move(start, events, head)
        except CursorMovedError:
            log.warning("%s: another instance was here; going on from its cursor", NAME)
        return len(events)

    async def _next(self, start: Position, head: Position) -> Sequence[FollowedEvent]:
        """What comes after ``start``, without looking again where nothing was."""
        cursor, passed = self._passed
        after = passed if cursor == start else start
        if head <= after:
            return ()
        return await self._log.follow(after, self._limit, until=head, topics=TYPES)

    async def _move(self, start: Position, events: Sequence[FollowedEvent], head: Position) -> None:
        if events:
            await self._cursor.move(start, events[-1].position)
            return
        self._passed = start, head
        if head.notification_id - start.notification_id >= FAR:
            await self._cursor.move(start, head)


async def _until_set(stop: asyncio.Event, seconds: float) -> None:
    """Wait for ``stop``, at most so long."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
