"""Send what a feed says of the log's events; the cursor moves after the acknowledgements.

Two publishers at once, as while one is replaced, or where one slept and wakes up, do no harm:
whoever finds the cursor moved by the other looks whether what it sent still holds, and sends
again what does not. So the last message of a key is never an old one.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from hashlib import blake2b

from services.publisher.feed import Feed
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.following import LogFollower
from services.runtime.readiness import Ready, nobody_waits
from services.store.log import EventLog
from services.store.records import FollowedEvent, Position

log = logging.getLogger(__name__)
Sent = tuple[Sequence[FollowedEvent], bytes]
"""Events, with a digest of what was sent for them."""


class Publishing:
    """One feed on one log."""

    def __init__(
        self, event_log: EventLog, feed: Feed, outbox: Outbox, limit: int, patience_seconds: float
    ) -> None:
        work = _Sending(feed, outbox)
        self._follower = LogFollower(event_log, work, limit, patience_seconds)

    async def run(self, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
        """Publish until ``stop`` is set; ``ready`` is called after the first look at the log.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away.
        """
        await self._follower.run(stop, ready)

    async def step(self) -> int:
        """Publish the next events; returns how many were passed, 0 at the head of the log.

        Raises:
            PoisonEventError: no message can be made of the next event; all before it are sent.
        """
        return await self._follower.step()


class _Sending:
    """The work: ``sent`` is the last that was, ``doubtful`` what may cover something newer."""

    def __init__(self, feed: Feed, outbox: Outbox) -> None:
        self._feed = feed
        self._outbox = outbox
        self._sent: Sent | None = None
        self._doubtful: Sent | None = None

    @property
    def name(self) -> str:
        return self._feed.name

    @property
    def topics(self) -> Collection[str] | None:
        return self._feed.topics

    async def until(self) -> Position | None:
        return await self._feed.until()

    async def do(self, events: Sequence[FollowedEvent]) -> None:
        self._sent = events, await self._send(events)

    def moved(self) -> None:
        """What a feed remembers of the log it reads on from where it was."""

    def overtaken(self) -> None:
        self._doubtful = self._sent

    async def settle(self) -> None:
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

    async def _send(self, events: Sequence[FollowedEvent]) -> bytes:
        """Send what the feed says of these events; returns a digest of it."""
        digest = blake2b()
        async for page in self._feed.pages(events):
            await self._outbox.send(page)
            _add(digest, page)
        return digest.digest()

    async def _digest(self, events: Sequence[FollowedEvent]) -> bytes:
        digest = blake2b()
        async for page in self._feed.pages(events):
            _add(digest, page)
        return digest.digest()


def _add(digest: blake2b, page: Sequence[Message]) -> None:
    for message in page:
        digest.update(b"%b\n%b\n" % (message.key or b"", message.value or b""))
