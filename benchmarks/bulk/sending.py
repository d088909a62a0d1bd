"""An endpoint of the school that is told of completed courses, and what stays sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import asyncpg

from benchmarks.bulk.stage import Stage
from benchmarks.webhooks import received, receiving
from services.operations.sent import of_operation
from services.runtime.clock import now
from services.runtime.embedded.waiting import until
from services.webhooks.endpoints import Endpoints, Wanted

PATIENCE = 120.0
"""Without a single new delivery, in seconds."""
LOOK_SECONDS = 0.5


class Receiver(NamedTuple):
    """A receiver in a process of its own, and the school that it belongs to."""

    pool: asyncpg.Pool
    school: str
    port: int

    async def wait_for(self, deliveries: int) -> None:
        """Until so many different messages have come.

        Raises:
            TimeoutError: no further one came for a long time.
        """
        seen = await self._deliveries()
        while seen < deliveries:

            async def more(than: int = seen) -> bool:
                return await self._deliveries() > than

            if not await until(more, within=PATIENCE, every=LOOK_SECONDS):
                raise TimeoutError(
                    f"{seen:,} of {deliveries:,} deliveries came, and none for {PATIENCE:.0f} s"
                )
            seen = await self._deliveries()

    async def _deliveries(self) -> int:
        seen = await asyncio.to_thread(received, self.port)
        return int(seen["requests"] - seen["repeats"])

    async def sent(self, operation: str) -> list[str]:
        """What an undo of the operation says of what was sent."""
        found = await of_operation(self.pool, self.school, operation)
        return [" ".join(map(str, it)) for it in found] or ["nothing"]


@asynccontextmanager
async def told_of_courses(stage: Stage, school: str) -> AsyncIterator[Receiver]:
    """The school has such an endpoint from now on."""
    endpoints = Endpoints(stage.pool)
    await endpoints.allow_private(school, allowed=True)
    async with receiving() as port:
        wanted = Wanted(f"http://127.0.0.1:{port}/courses", triggers=["course_completed"])
        await endpoints.create(school, wanted, now())
        yield Receiver(stage.pool, school, port)
