"""Commands of many requests, gathered and sent to Kafka together.

A request waits for its own acknowledgement, and not for long: whoever is told 503 sends the same
again under the same key, whether or not Kafka has it by then.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import islice
from typing import NamedTuple

from services.http.problems import Problem, away
from services.runtime.bus.fitting import send_what_fits
from services.runtime.bus.outbox import Message, Outbox, OutboxError
from services.runtime.together import beside

ANSWER_SECONDS = 5.0
TOGETHER = 500
WAITING = 2_000
"""Commands that wait to be sent, at the most."""


class _Waits(NamedTuple):
    message: Message
    sent: asyncio.Future[Problem | None]


class Sender:
    """Sends while ``running`` is entered."""

    def __init__(self, outbox: Outbox, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._outbox = outbox
        self._answer_seconds = answer_seconds
        self._queue: asyncio.Queue[_Waits] = asyncio.Queue(WAITING)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send what comes; a fault of ours comes out."""
        async with beside(self._run()):
            yield

    async def send(self, message: Message) -> None:
        """Returns when Kafka has acknowledged it.

        Raises:
            Problem: 503 where Kafka is away, 413 where it refuses the message for its size.
        """
        sent: asyncio.Future[Problem | None] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait(_Waits(message, sent))
            async with asyncio.timeout(self._answer_seconds):
                problem = await sent
        except (asyncio.QueueFull, TimeoutError):
            raise away("Kafka") from None
        if problem is not None:
            raise problem

    async def send_all(self, messages: Iterable[Message]) -> None:
        """Returns when Kafka has acknowledged all of them.

        Raises:
            Problem: as for one.
        """
        left = iter(messages)
        while some := list(islice(left, TOGETHER)):
            await asyncio.gather(*map(self.send, some))

    async def _run(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < TOGETHER and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            await self._send([it for it in batch if not it.sent.done()])

    async def _send(self, batch: list[_Waits]) -> None:
        problems: dict[int, Problem] = {}
        try:
            refused = await send_what_fits(self._outbox, [it.message for it in batch])
            problems = {place: Problem(413, it.code, str(it)) for place, it in refused}
        except OutboxError:
            problems = {place: away("Kafka") for place in range(len(batch))}
        for place, it in enumerate(batch):
            if not it.sent.done():
                it.sent.set_result(problems.get(place))
