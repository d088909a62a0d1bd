"""Results as they come, matched to the commands that wait for them."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import orjson
from aiokafka import AIOKafkaConsumer

from contracts import topics
from contracts.envelope import header
from services.cli.send.outcomes import Outcome, answered, unanswered
from services.cli.send.outgoing import Outgoing
from services.runtime.bus.client import Connection
from services.runtime.bus.offsets import go_to_end, reader
from services.runtime.together import beside

POLL_MS = 200
Tell = Callable[[Outcome], None]


class Waiting:
    """Commands that were sent and not answered yet."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._by_key: dict[tuple[str, str], deque[Outgoing]] = {}
        self._ids: set[str] = set()
        self._moved = asyncio.Event()
        self.count = 0

    def add(self, outgoing: Outgoing) -> None:
        """Wait for its result; of one id several may be sent, and each is answered."""
        if outgoing.awaited is not None:
            self._by_key.setdefault(outgoing.awaited, deque()).append(outgoing)
            self._ids.add(outgoing.id)
            self.count += 1

    def take(self, subject: str, body: bytes) -> None:
        """A result that came, of ours or of another's command."""
        if subject not in self._ids:
            return
        result = orjson.loads(body)
        waiting = self._by_key.get((result["school"], result["command_id"]))
        if waiting:
            self._tell(answered(waiting.popleft(), result))
            self.count -= 1
            self._moved.set()

    async def fewer_than(self, limit: int, seconds: float) -> bool:
        """Wait until fewer wait; False where for so long no result came at all."""
        while self.count >= limit:
            self._moved.clear()
            try:
                await asyncio.wait_for(self._moved.wait(), seconds)
            except TimeoutError:
                return False
        return True

    def give_up(self, seconds: float) -> None:
        """Tell of all that still wait."""
        for waiting in self._by_key.values():
            for outgoing in waiting:
                self._tell(unanswered(outgoing, seconds))
        self._by_key.clear()


@asynccontextmanager
async def following(connection: Connection, waiting: Waiting) -> AsyncIterator[None]:
    """Hand every result from now on to ``waiting``: subscribed before anything is sent."""
    consumer = reader(connection, [topics.RESULTS])
    await consumer.start()
    try:
        await go_to_end(consumer)
        async with beside(_follow(consumer, waiting)):
            yield
    finally:
        await consumer.stop()


async def _follow(consumer: AIOKafkaConsumer, waiting: Waiting) -> None:
    while True:
        for batch in (await consumer.getmany(timeout_ms=POLL_MS)).values():
            for record in batch:
                subject = header(record.headers, "ce_subject") or b""
                waiting.take(subject.decode("utf-8", "replace"), record.value or b"")
