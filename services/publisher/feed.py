"""What a publishing projection is: a name, the types that it follows, and what it sends."""

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Protocol

from services.runtime.bus.outbox import Message
from services.store.records import FollowedEvent, Position


class Feed(Protocol):
    """Sends are at least once: after a crash, those after the cursor come again, equal."""

    @property
    def name(self) -> str:
        """Its cursor's name; never changed."""

    @property
    def topics(self) -> Collection[str] | None:
        """The event types that it follows; none: all."""

    async def until(self) -> Position | None:
        """How far it may go now; none: to the head of the log."""

    def pages(self, events: Sequence[FollowedEvent]) -> AsyncIterator[list[Message]]:
        """What to send for these events, in order, as things stand when it is asked."""
