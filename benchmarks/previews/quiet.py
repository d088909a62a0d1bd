"""Waiting, bounded, until nothing is under way: no record, no event, no delivery, no e-mail."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg

from services.cli.projections.standing import of_database
from services.runtime.bus.client import Connection
from services.runtime.bus.offsets import GroupOffsets
from services.runtime.embedded.waiting import until
from services.runtime.topology import PARTS

SECONDS = 300.0
CONSUMERS = ("command-worker", "reference-data", "webhook-dispatcher", "mailer")
_OUTGOING = Path(__file__).with_name("outgoing.sql").read_text("utf-8")


class Quiet:
    """Looks at consumer groups, cursors and queues."""

    def __init__(self, pool: asyncpg.Pool, groups: Sequence[GroupOffsets]) -> None:
        self._pool = pool
        self._groups = groups

    async def wait(self) -> None:
        """Until nothing is under way.

        Raises:
            TimeoutError: something stays.
        """
        seen = [""]

        async def nothing() -> bool:
            seen[:] = [it async for it in self._under_way()]
            return not seen

        if not await until(nothing, within=SECONDS, every=0.2):
            raise TimeoutError(f"after {SECONDS:.0f} s there is still under way: {seen}")

    async def _under_way(self) -> AsyncIterator[str]:
        """In the order in which one leads to the next, so that nothing slips through between."""
        for group in self._groups[:2]:
            if sum((await group.lag()).values()):
                yield "records to be handled"
                return
        for it in await of_database(self._pool):
            if it.behind:
                yield f"{it.name} is behind"
                return
        for group in self._groups[2:]:
            if sum((await group.lag()).values()):
                yield "messages to be sent"
                return
        if count := await self._pool.fetchval(_OUTGOING):
            yield f"{count} deliveries and e-mails"


@asynccontextmanager
async def quiet(pool: asyncpg.Pool, cluster: Connection) -> AsyncIterator[Quiet]:
    """Whoever waits, over and over."""
    async with AsyncExitStack() as closing:
        groups = [
            await closing.enter_async_context(
                GroupOffsets(cluster, str(PARTS[name].group), PARTS[name].consumes)
            )
            for name in CONSUMERS
        ]
        yield Quiet(pool, groups)
