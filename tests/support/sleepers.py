"""An outbox that sleeps with what it has to send."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from services.runtime.bus.outbox import Message, Outbox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.runtime.bus.client import Connection


class Sleeper(Outbox):
    """Falls asleep before it sends, as a process may at any moment."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.asleep, self.wake = asyncio.Event(), asyncio.Event()

    async def send(self, messages: Iterable[Message]) -> None:
        self.asleep.set()
        await self.wake.wait()
        await super().send(messages)
