"""Not more than so many a second, evenly."""

import asyncio
from collections.abc import Awaitable, Callable

BURST = 0.1
"""Seconds of the rate that may go out at once."""

Clock = Callable[[], float]
Wait = Callable[[float], Awaitable[None]]


class Rate:
    """A bucket that fills at a steady rate and holds a tenth of a second of it, and one at least.

    Whoever takes more than there is waits until it would have been there; time that nobody used
    is not saved up beyond the bucket.
    """

    def __init__(
        self, per_second: float, clock: Clock | None = None, wait: Wait = asyncio.sleep
    ) -> None:
        self._per_second = per_second
        self._clock = clock or asyncio.get_running_loop().time
        self._wait = wait
        self.burst = max(1, int(per_second * BURST))
        self._there = float(self.burst)
        self._at = self._clock()

    async def take(self, count: int) -> None:
        """Take so many, at most ``burst``."""
        now = self._clock()
        filled = self._there + (now - self._at) * self._per_second
        self._there = min(filled, self.burst) - count
        self._at = now
        if self._there < 0:
            await self._wait(-self._there / self._per_second)
