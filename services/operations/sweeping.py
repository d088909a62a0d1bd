"""Previews are looked at for a while, and then forgotten: nothing was changed by them (B5)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

import asyncpg

from contracts import topics
from services.operations.chunks import Place
from services.operations.sql import query
from services.runtime.bus.outbox import Message
from services.runtime.patience import patiently
from services.runtime.pausing import until_set

KEPT = timedelta(days=30)
"""Time enough to read one, show it to somebody, and begin what it foresaw."""
EACH_SECONDS = 600
MANY = 10
"""Previews that are looked for at a time."""
ROWS = 20_000
"""Rows that are deleted at a time: whoever deletes holds back who follows the log."""
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
        for place in old:
            await self._forget(Place(*place))
        return len(old) == MANY

    async def _forget(self, place: Place) -> None:
        rows = query("preview_rows_forget")
        while await self._pool.execute(rows, *place, ROWS) == f"DELETE {ROWS}":
            pass
        await self._pool.execute(query("preview_forget"), *place)
