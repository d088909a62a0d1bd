"""Work that is tried again while a server is away, with growing pauses and an end."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.runtime.bus.outbox import OutboxError
from services.store.failures import passes

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 5.0
"""Seconds; each pause is twice the one before, with a random part so that parts do not march."""

T = TypeVar("T")
log = logging.getLogger(__name__)


class OutOfPatienceError(Exception):
    """``server_away``: a database or broker stayed away for too long."""

    code = "server_away"


async def patiently(work: Callable[[], Awaitable[T]], seconds: float, what: str) -> T:
    """What the work gives, tried again for ``seconds`` while servers are away.

    Raises:
        OutOfPatienceError: they stayed away; the cause is the last failure.
        Exception: any other failure, at once.
    """
    loop = asyncio.get_running_loop()
    deadline, pause = loop.time() + seconds, FIRST_PAUSE
    while True:
        try:
            return await work()
        except Exception as error:
            if not (passes(error) or isinstance(error, OutboxError)):
                raise
            if loop.time() + pause > deadline:
                raise OutOfPatienceError(
                    f"{what}: gave up after {seconds:.0f} s ({type(error).__name__}: {error}); "
                    "check that PostgreSQL and Kafka run, then start this part again."
                ) from error
            log.warning("%s: %s; trying again in %.1f s", what, type(error).__name__, pause)
        await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - no secret
        pause = min(2 * pause, LONGEST_PAUSE)
