"""Processes kept alive: started in groups, started again when they die, stopped in reverse.

A process that dies is started again after a pause that doubles with each death. One that dies
too often within a minute, or must not be started again, ends everything with a sentence: a
loop that nobody notices would be worse.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple, NoReturn, Protocol

from services.runtime.embedded.server import ServerError


class Limits(NamedTuple):
    """How often a process may die within how many seconds, and the pauses before a new start."""

    deaths: int = 5
    within: float = 60.0
    first_pause: float = 0.5
    longest_pause: float = 8.0


class Kept(Protocol):
    """A process under supervision."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    @property
    def mortal(self) -> str | None:
        """Why it must not be started again, as a sentence; none where it may be."""

    async def start(self) -> None:
        """Start it and wait until it is at work; raises ``ServerError``."""

    async def stop(self) -> None:
        """Stop it in good order."""

    async def ended(self) -> str:
        """Wait for its end; returns how it ended, such as "was killed by SIGKILL"."""


class Reports(Protocol):
    """Who wants to know."""

    def ready(self, name: str, seconds: float) -> None:
        """It is at work, so long after its start began."""

    def died(self, name: str, how: str, pause: float) -> None:
        """It died and is started again after the pause."""

    def stopped(self, name: str) -> None:
        """It has stopped because it was told to."""


class GaveUpError(Exception):
    """``keeps_dying``: a process cannot be kept alive."""

    code = "keeps_dying"


class Supervisor:
    """Starts groups one after the other and keeps all of their processes."""

    def __init__(self, reports: Reports, limits: Limits = Limits()) -> None:  # noqa: B008
        self._reports = reports
        self._limits = limits
        self._groups: list[Sequence[Kept]] = []

    async def start(self, group: Sequence[Kept]) -> None:
        """Start these together; returns when all are at work.

        Raises:
            ExceptionGroup: of ``ServerError``; ``stop`` still stops what runs.
        """
        self._groups.append(group)
        async with asyncio.TaskGroup() as starting:
            for kept in group:
                starting.create_task(self._start(kept), name=kept.name)

    async def keep(self, stop: asyncio.Event) -> None:
        """Start again what dies until ``stop`` is set.

        Raises:
            GaveUpError: one of them cannot be kept.
        """
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(stop.wait())]
        waits += [
            asyncio.ensure_future(self._keep(kept)) for group in self._groups for kept in group
        ]
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in waits:
                waiting.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        for ended in done:
            ended.result()

    async def stop(self) -> None:
        """Stop all, the last group first."""
        while self._groups:
            group = self._groups[-1]
            await asyncio.gather(*(self._stop(kept) for kept in group))
            self._groups.pop()

    async def _start(self, kept: Kept) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await kept.start()
        self._reports.ready(kept.name, loop.time() - began)

    async def _stop(self, kept: Kept) -> None:
        await kept.stop()
        self._reports.stopped(kept.name)

    async def _keep(self, kept: Kept) -> NoReturn:
        loop = asyncio.get_running_loop()
        deaths: deque[float] = deque()
        how = await kept.ended()
        while True:
            now = loop.time()
            deaths.append(now)
            while deaths[0] < now - self._limits.within:
                deaths.popleft()
            self._refuse_too_many(kept, how, len(deaths))
            pause = self._limits.first_pause * 2 ** (len(deaths) - 1)
            pause = min(pause, self._limits.longest_pause)
            self._reports.died(kept.name, how, pause)
            await asyncio.sleep(pause)
            how = await self._again(kept)

    async def _again(self, kept: Kept) -> str:
        """Start it and wait for its end; how it ended, or why it did not start."""
        try:
            await self._start(kept)
        except ServerError as error:
            return str(error)
        return await kept.ended()

    def _refuse_too_many(self, kept: Kept, how: str, deaths: int) -> None:
        if kept.mortal is not None:
            raise GaveUpError(f"{kept.name} {how}. {kept.mortal}")
        if deaths > self._limits.deaths:
            raise GaveUpError(
                f"{kept.name} died {deaths} times within {self._limits.within:.0f} s; "
                f"the last time it {how}. Mend that, then start again."
            )
