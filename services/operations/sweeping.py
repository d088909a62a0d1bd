"""Previews are looked at for a while, and then forgotten: nothing was changed by them (B5)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

import asyncpg

from contracts import topics
from services.operations.sql import query
from services.runtime.bus.outbox import Message
from services.runtime.patience import patiently
from services.runtime.pausing import until_set

KEPT = timedelta(days=30)
"""Time enough to read one, show it to somebody, and begin what it foresaw."""
EACH_SECONDS = 600
MANY = 10
"""Previews at a time: each may have a row for every learner of a school."""
WHAT = "previews"


class Sweeping:
    """Forgets previews that ended more than ``KEPT`` ago, on the topic and in the tables."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        send: Callable[[Iterable[Message]], Awaitable[None]],
        clock: Callable[[], datetime],
        patience_seconds: float,
    ) -> None:
        self._pool = pool
        self._send = send
        self._clock = clock
        self._patience = patience_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until ``stop`` is set.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away.
        """
        while not stop.is_set():
            while await patiently(self.sweep, self._patience, WHAT) and not stop.is_set():
                pass
            await until_set(stop, EACH_SECONDS)

    async def sweep(self) -> bool:
        """Forget some; whether there may be more.

        The topic's last word of each is taken back first: an end in between does it once more.
        """
        old = await self._pool.fetch(query("previews_old"), self._clock() - KEPT, MANY)
        if old:
            keys = (topics.operation_key(*row).encode() for row in old)
            await self._send(Message(topics.OPERATIONS, key, None, ()) for key in keys)
            columns = zip(*old, strict=True)
            await self._pool.execute(query("previews_forget"), *map(list, columns))
        return len(old) == MANY
