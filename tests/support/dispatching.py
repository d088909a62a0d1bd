"""A dispatcher in a process of its own, to be killed: ``python -m tests.support.dispatching URL``.

Its leases are short, so that a test need not wait long for what it had in hand.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from services.store.pool import open_pool
from services.webhooks.dispatcher import Dispatcher
from services.webhooks.endpoints import Endpoints
from services.webhooks.queue import Queue
from services.webhooks.requests import Limits, Requests

LEASE_SECONDS = 1.0


async def main(database: str) -> None:
    pool = await open_pool(database, max_size=4)
    async with Requests(Limits(total=5)) as requests:
        dispatcher = Dispatcher(
            Queue(pool),
            Endpoints(pool),
            requests,
            clock=lambda: datetime.now(UTC),
            patience_seconds=30,
            lease_seconds=LEASE_SECONDS,
        )
        await dispatcher.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
