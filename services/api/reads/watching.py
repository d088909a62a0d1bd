"""Operations as they go on: one look-up for all that anybody watches.

A stream holds the latest report and nothing more: who reads slowly is told less often.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg

from contracts.operations import OperationReported
from services.api.web.slots import Slots
from services.operations import reading
from services.runtime.pausing import until_set
from services.runtime.together import beside
from services.store.failures import passes

EVERY = 0.2
"""Seconds between two looks while anybody watches."""
LOOK_UP_SECONDS = 5
STREAMS = 500
STREAMS_OF_TOKEN = 20
"""Open at one time, in all and of one token."""
Key = tuple[str, str]
"""School and operation."""


class Watched:
    """What one stream has still to tell."""

    def __init__(self, report: OperationReported) -> None:
        self.report = report
        self.ended = False
        self._news = asyncio.Event()

    async def news(self, seconds: float) -> bool:
        """Whether there is something new; waits for it at most so long."""
        there = await until_set(self._news, seconds)
        self._news.clear()
        return there

    def tell(self, report: OperationReported) -> None:
        """It has come so far."""
        self.report = report
        self._news.set()

    def end(self) -> None:
        """Nothing more is told."""
        self.ended = True
        self._news.set()


class Watching:
    """Looks while ``running`` is entered, and ends every stream when it is told to stop."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._open: dict[Key, set[Watched]] = {}
        self._slots = Slots("streams", STREAMS, STREAMS_OF_TOKEN)
        self._anybody = asyncio.Event()

    @asynccontextmanager
    async def running(self, stop: asyncio.Event) -> AsyncIterator[None]:
        """Look for what is watched; a fault of ours comes out."""
        async with beside(self._run()), beside(self._end_at(stop)):
            yield

    @contextmanager
    def watch(self, token: str, report: OperationReported) -> Iterator[Watched]:
        """A stream of that token, which has come as far as the report says.

        Raises:
            Problem: 429 where the token has too many open, 503 where all have.
        """
        key, watched = (report.school, report.operation), Watched(report)
        with self._slots.taken(token):
            self._open.setdefault(key, set()).add(watched)
            self._anybody.set()
            try:
                yield watched
            finally:
                self._open[key].discard(watched)
                if not self._open[key]:
                    del self._open[key]

    async def _end_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        for watched in self._all(list(self._open)):
            watched.end()

    async def _run(self) -> None:
        while True:
            self._anybody.clear()
            if not self._open:
                await self._anybody.wait()
            try:
                async with asyncio.timeout(LOOK_UP_SECONDS):
                    await self._look()
            except Exception as error:
                if not passes(error):
                    raise  # what passes is no reason to end a stream: the next look tells
            await asyncio.sleep(EVERY)

    async def _look(self) -> None:
        told = {key: min(it.report.revision for it in some) for key, some in self._open.items()}
        found = await reading.revisions(self._pool, told)
        moved = [key for key, revision in found.items() if revision > told[key]]
        for school in {school for school, _ in moved}:
            names = [operation for own, operation in moved if own == school]
            for report in await reading.named(self._pool, school, names):
                for watched in self._all([(school, report.operation)]):
                    if watched.report.revision < report.revision:
                        watched.tell(report)

    def _all(self, keys: list[Key]) -> list[Watched]:
        return [it for key in keys for it in self._open.get(key, ())]
