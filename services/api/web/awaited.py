"""Waiting for what comes by itself: one look for all that is waited for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from services.runtime.together import beside
from services.store.failures import passes

LOOK_UP_SECONDS = 5
EVERY = 0.02
"""Seconds between two looks while anybody waits."""
K = TypeVar("K")
V = TypeVar("V")


class Awaited(Generic[K, V]):
    """Looks while ``running`` is entered; ``look`` gives those of the keys that have come."""

    def __init__(self, look: Callable[[Collection[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._look = look
        self._waiting: dict[K, set[asyncio.Future[V]]] = {}
        self._anybody = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look for what is waited for; a fault of ours comes out."""
        async with beside(self._run()):
            yield

    async def wait(self, key: K, seconds: float) -> V | None:
        """What has come, as soon as it is there; none where it is not in time.

        Raises:
            Exception: the database is away (``passes``).
        """
        found: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, set()).add(found)
        self._anybody.set()
        try:
            async with asyncio.timeout(seconds):
                return await found
        except TimeoutError:
            return None if found.cancelled() else found.result()
        finally:
            self._forget(key, found)

    def tell(self, come: Mapping[K, V]) -> None:
        """Give it to all who wait for it."""
        for key, value in come.items():
            for found in self._all([key]):
                found.set_result(value)

    def _forget(self, key: K, found: asyncio.Future[V]) -> None:
        waiting = self._waiting.get(key, set())
        waiting.discard(found)
        if not waiting:
            self._waiting.pop(key, None)

    async def _run(self) -> None:
        while True:
            self._anybody.clear()
            if not self._waiting:
                await self._anybody.wait()
            await self._look_once()
            await asyncio.sleep(EVERY)

    async def _look_once(self) -> None:
        keys = list(self._waiting)
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                self.tell(await self._look(keys))
        except Exception as error:
            if not passes(error):
                raise
            for found in self._all(keys):
                found.set_exception(error)

    def _all(self, keys: Collection[K]) -> list[asyncio.Future[V]]:
        return [it for key in keys for it in self._waiting.get(key, ()) if not it.done()]
