"""Follow, send, wait for the acknowledgements, move the cursor: for ever.

Two publishers at once, as while one is replaced, or where one slept and wakes up, do no harm:
whoever finds the cursor moved by the other looks whether what it sent still holds, and sends
again what does not. So the last message of a key is never an old one.

An event of which no message can be made stops its feed alone. The page that it is in is halved
until it stands by itself, so that all before it is sent; then the feed waits until the event is
skipped, on record, or its error cleared.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from typing import TypeVar

from services.publisher.feed import Feed
from services.runtime.bus.outbox import Message, Outbox, OutboxError
from services.runtime.patience import patiently
from services.runtime.readiness import Ready, nobody_waits
from services.store.cursors import Cursor, CursorMovedError
from services.store.failures import passes
from services.store.log import EventLog
from services.store.poison import PoisonEventError
from services.store.records import FollowedEvent, Position
from services.store.skips import NONE, goes_on, skips_of

SHORTEST_PAUSE, LONGEST_PAUSE = 0.005, 0.05
"""Seconds between two looks at a log that had nothing new; doubled up to the longest."""
LOOK = 1.0
"""Seconds between two looks whether a feed that has stopped may go on."""
FAR = 10_000
"""Events of other types that are passed in memory before the cursor is moved past them."""

log = logging.getLogger(__name__)
T = TypeVar("T")


class Publishing:
    """One feed on one log."""

    def __init__(
        self, event_log: EventLog, feed: Feed, outbox: Outbox, limit: int, patience_seconds: float
    ) -> None:
        self._log = event_log
        self._feed = feed
        self._outbox = outbox
        self._limit = limit
        self._patience = patience_seconds
        self._cursor = Cursor(event_log.pool, feed.name)
        self._size = limit
        self._position: Position | None = None
        self._stood_at: Position | None = None
        self._skips = NONE
        self._passed: tuple[Position, Position] | None = None
        self._doubtful: tuple[Sequence[FollowedEvent], bytes] | None = None

    async def run(self, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
        """Publish until ``stop`` is set; ``ready`` is called after the first look at the log.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away.
        """
        pause, first = SHORTEST_PAUSE, True
        while not stop.is_set():
            sent, poison = await self._try_step()
            if first:
                ready()
                first = False
            if poison is not None:
                await self._until_it_may(poison, stop)
            if sent:
                pause = SHORTEST_PAUSE
                continue
            await _until_set(stop, pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def step(self) -> int:
        """Publish the next events; returns how many were passed, 0 at the head of the log.

        Raises:
            PoisonEventError: no message can be made of the next event; all before it are sent.
        """
        await self._make_sure()
        start, until = await self._start(), await self._until()
        events = await self._next(start, until)
        if not events:
            self._position = None  # somebody may set the cursor back, to publish all again
            await self._pass(start, until)
            return 0
        wanted = [
            it for it in events if (it.originator_id, it.originator_version) not in self._skips
        ]
        sent = await self._send_or_halve(events, wanted)
        if sent is None:
            return len(events)
        end = events[-1].position
        self._position = None  # read again, should the move fail
        try:
            await self._cursor.move(start, end, len(events))
        except CursorMovedError:
            log.warning("%s: another publisher was here; going on from its cursor", self._feed.name)
            self._doubtful = wanted, sent
            await self._make_sure()
            return len(events)
        self._position = self._stood_at = end
        return len(events)

    async def _start(self) -> Position:
        """Where the cursor stands; what is skipped is read again where somebody else moved it."""
        if self._position is None:
            self._position = await self._cursor.read()
        if self._position != self._stood_at:
            self._skips = await skips_of(self._log.pool, self._feed.name)
            self._stood_at = self._position
        return self._position

    async def _send_or_halve(
        self, events: Sequence[FollowedEvent], wanted: Sequence[FollowedEvent]
    ) -> bytes | None:
        """Send; none where something is wrong with a page, whose first half comes next."""
        try:
            sent = await self._send(wanted)
        except Exception as error:
            if passes(error) or isinstance(error, OutboxError):
                raise
            if len(events) == 1:
                self._size = self._limit
                position, name, version, *_ = events[0]
                raise PoisonEventError(self._feed.name, name, version, position, error) from error
            self._size = len(events) // 2
            return None
        self._size = min(2 * self._size, self._limit)
        return sent

    async def _try_step(self) -> tuple[int, PoisonEventError | None]:
        try:
            return await self._patiently(self.step), None
        except PoisonEventError as poison:
            return 0, poison

    async def _until_it_may(self, poison: PoisonEventError, stop: asyncio.Event) -> None:
        """Write down what stops the feed, and wait until it is gone."""
        log.error("feed %s has stopped: %s", self._feed.name, poison)
        start, name = await self._start(), self._feed.name
        fail = partial(self._cursor.fail, start, str(poison), poison.position)
        await self._patiently(fail)
        while not stop.is_set():
            await _until_set(stop, LOOK)
            if await self._patiently(partial(goes_on, self._log.pool, name, poison)):
                log.info("feed %s tries again", name)
                break
        self._position = self._stood_at = None

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        return await patiently(work, self._patience, self._feed.name)

    async def _until(self) -> Position | None:
        """Where this step ends; for a feed of some types always a place, which it can pass."""
        until = await self._feed.until()
        if until is None and self._feed.topics is not None:
            return await self._log.head()
        return until

    async def _next(self, start: Position, until: Position | None) -> Sequence[FollowedEvent]:
        """What comes after ``start``, without looking again where nothing was."""
        if self._passed is not None and self._passed[0] == start:
            start = self._passed[1]
        if until is not None and until <= start:
            return ()
        return await self._log.follow(start, self._size, until=until, topics=self._feed.topics)

    async def _pass(self, start: Position, until: Position | None) -> None:
        """Keep in mind that nothing is there up to ``until``; write it down when it is far."""
        if until is None:
            return
        self._passed = start, until
        if until.notification_id - start.notification_id < FAR:
            return
        with suppress(CursorMovedError):  # by another publisher, which passes the same
            await self._cursor.move(start, until)

    async def _send(self, events: Sequence[FollowedEvent]) -> bytes:
        """Send what the feed says of these events; returns a digest of it."""
        digest = blake2b()
        async for page in self._feed.pages(events):
            await self._outbox.send(page)
            _add(digest, page)
        return digest.digest()

    async def _make_sure(self) -> None:
        """Send again until the feed says afterwards what was sent: then nothing newer was before.

        Another one sends only what the feed says too. So had it sent something newer before
        ours, the feed would have said that by now.
        """
        if self._doubtful is None:
            return
        events, sent = self._doubtful
        while await self._digest(events) != sent:
            log.warning("%s: sending again what is newer now", self._feed.name)
            sent = await self._send(events)
        self._doubtful = None

    async def _digest(self, events: Sequence[FollowedEvent]) -> bytes:
        digest = blake2b()
        async for page in self._feed.pages(events):
            _add(digest, page)
        return digest.digest()


def _add(digest: blake2b, page: Sequence[Message]) -> None:
    for message in page:
        digest.update(b"%b\n%b\n" % (message.key or b"", message.value or b""))


async def _until_set(stop: asyncio.Event, seconds: float) -> None:
    """Wait for ``stop``, at most so long."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
