"""Waiting for PostgreSQL, for the log, and to be told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from itertools import count
from typing import Any, TypeVar

from services.projector.errors import reason
from services.runtime.pausing import until_set
from services.store.failures import passes

T = TypeVar("T")

_LOGGER = logging.getLogger(__name__)

TRIES = 16
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds between tries where PostgreSQL does not answer; some 50 s in all."""


async def patiently(action: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T | None:
    """What comes of it, tried again while PostgreSQL does not answer; none where told to stop."""
    for failures in count():
        try:
            return await action()
        except Exception as error:
            if not passes(error) or failures + 1 == TRIES:
                raise
            _LOGGER.warning("PostgreSQL: %s", reason(error))
        if await until_set(stop, min(FIRST_PAUSE * 2**failures, LONGEST_PAUSE)):
            return None
    raise AssertionError("unreachable")


async def unless_stopped(work: Coroutine[Any, Any, T], stop: asyncio.Event) -> T | None:
    """What comes of the work; none where told to stop, which cancels it."""
    task, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return await task if task.done() else None
    finally:
        task.cancel()
        stopped.cancel()
        await asyncio.gather(task, stopped, return_exceptions=True)
