"""Waiting for results: one query looks for all that are waited for.

Receipts are what tells what became of a command: nothing else remembers idempotency keys.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.runtime.together import beside
from services.store.failures import passes
from services.store.log import EventLog
from services.store.records import StoredReceipt

LOOK_UP_SECONDS = 5
EVERY = 0.02
"""Seconds between two looks while anybody waits."""
Key = tuple[str, str]
"""School and command id."""
_Found = asyncio.Future[StoredReceipt]


class Receipts:
    """Looks while ``running`` is entered."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._waiting: dict[Key, set[_Found]] = {}
        self._anybody = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look for what is waited for; a fault of ours comes out."""
        async with beside(self._run()):
            yield

    async def find(self, key: Key) -> StoredReceipt | None:
        """The receipt, where it is there now."""
        async with asyncio.timeout(LOOK_UP_SECONDS):
            return (await self._log.receipts([key])).get(key)

    async def wait(self, key: Key, seconds: float) -> StoredReceipt | None:
        """The receipt, as soon as it is there; none where it is not in time.

        Raises:
            Exception: the database is away (``passes``).
        """
        found: _Found = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, set()).add(found)
        self._anybody.set()
        try:
            async with asyncio.timeout(seconds):
                return await found
        except TimeoutError:
            return None if found.cancelled() else found.result()
        finally:
            self._forget(key, found)

    def _forget(self, key: Key, found: _Found) -> None:
        waiting = self._waiting.get(key, set())
        waiting.discard(found)
        if not waiting:
            self._waiting.pop(key, None)

    async def _run(self) -> None:
        while True:
            self._anybody.clear()
            if not self._waiting:
                await self._anybody.wait()
            await self._look()
            await asyncio.sleep(EVERY)

    async def _look(self) -> None:
        keys = list(self._waiting)
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                receipts = await self._log.receipts(keys)
        except Exception as error:
            if not passes(error):
                raise
            for found in self._all(keys):
                found.set_exception(error)
            return
        for key, receipt in receipts.items():
            for found in self._all([key]):
                found.set_result(receipt)

    def _all(self, keys: list[Key]) -> list[_Found]:
        return [it for key in keys for it in self._waiting.get(key, ()) if not it.done()]
