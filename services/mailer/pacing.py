"""So many a second and no more."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic


class Pace:
    """Turns at least ``1 / per_second`` apart; what was not used is not made up for."""

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._apart = 1 / per_second
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for the next turn."""
        wait = self._next - self._clock()
        if wait > 0:
            await self._sleep(wait)
        self._next = max(self._next, self._clock()) + self._apart
