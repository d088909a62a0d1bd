"""What has to be done now and then: notices sent, what is old swept away."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import asyncpg

from services.runtime.bus.outbox import Message
from services.runtime.patience import patiently
from services.runtime.pausing import until_set
from services.webhooks.notices import send_notices
from services.webhooks.sql import query

EACH_SECONDS = 1.0
SWEEP_SECONDS = 600.0
KEPT = timedelta(days=30)
"""Messages that were delivered or parked, and the log of attempts; a message that comes again by
then is known, so what sets a feed back further than this delivers anew."""
WHAT = "the webhook dispatcher's chores"

log = logging.getLogger(__name__)


class Chores:
    """Of every dispatcher; each chore is harmless where another does it too."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        send: Callable[[list[Message]], Awaitable[None]],
        *,
        clock: Callable[[], datetime],
        patience_seconds: float,
    ) -> None:
        self._pool = pool
        self._send = send
        self._clock = clock
        self._patience = patience_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Do them until ``stop`` is set.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away.
        """
        swept = 0.0
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            await patiently(lambda: send_notices(self._pool, self._send), self._patience, WHAT)
            if loop.time() - swept > SWEEP_SECONDS:
                await patiently(self.sweep, self._patience, WHAT)
                swept = loop.time()
            await until_set(stop, EACH_SECONDS)

    async def sweep(self) -> None:
        """Delete what is old, a piece at a time so that nobody waits long."""
        now = self._clock()
        await self._pool.execute(query("secrets_drop"), now)
        await self._pool.execute(query("attempts_sweep"), now - KEPT)
        oldest = await self._pool.fetchval(query("oldest_kept"), now - KEPT)
        if oldest is not None:
            await self._pool.execute(query("deliveries_sweep"), oldest)
            await self._pool.execute(query("messages_sweep"), oldest)
