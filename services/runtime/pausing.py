"""A pause that a stop ends."""

import asyncio
import contextlib


async def until_set(stop: asyncio.Event, seconds: float) -> bool:
    """True as soon as ``stop`` is set; waits for it at most so long."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()
