"""The one place that polls: a condition, a deadline, an answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_EVERY = 0.05
"""Seconds between two looks; short against the second that a server takes to start."""


async def until(
    condition: Callable[[], Awaitable[bool]], *, within: float, every: float = _EVERY
) -> bool:
    """Look until `condition` holds; False when `within` seconds have passed without it."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    while not await condition():
        if loop.time() >= deadline:
            return False
        await asyncio.sleep(every)
    return True
