"""A synchronous face for asynchronous code: a private event loop in a thread."""

import asyncio
import weakref
from collections.abc import Coroutine
from threading import Thread
from typing import Any, TypeVar

import asyncpg

from services.store.migrations import migrate
from services.store.pool import open_pool

T = TypeVar("T")


class Database:
    """A pool in a loop of its own, called from any thread; ``schema`` holds the tables."""

    def __init__(self, url: str, schema: str = "public", max_size: int = 10) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="eventlog", daemon=True)
        self._thread.start()
        try:
            self.pool: asyncpg.Pool = self.run(_open(url, schema, max_size))
        except BaseException:
            _stop(self._loop, self._thread)
            raise
        self._close = weakref.finalize(self, _close, self._loop, self._thread, self.pool)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the work in the loop and wait for what it gives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        """Close the pool and end the thread; a second call does nothing.

        The library drops some of its recorders without closing them; then this happens when
        they are collected.
        """
        self._close()


def _close(loop: asyncio.AbstractEventLoop, thread: Thread, pool: asyncpg.Pool) -> None:
    asyncio.run_coroutine_threadsafe(pool.close(), loop).result()
    _stop(loop, thread)


def _stop(loop: asyncio.AbstractEventLoop, thread: Thread) -> None:
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _open(url: str, schema: str, max_size: int) -> asyncpg.Pool:
    pool = await open_pool(url, max_size=max_size, schema=schema)
    try:
        await migrate(pool)
    except BaseException:
        await pool.close()
        raise
    return pool
