"""The results as a producer reads them: one for each command, the same however often it comes."""

import asyncio
from collections import Counter
from hashlib import blake2b

import orjson
from aiokafka import AIOKafkaConsumer

from contracts import topics
from services.runtime.bus.client import Connection


class ChangedResultError(Exception):
    """A command was answered differently the second time (B1)."""


class Results:
    """Counts results by command type and outcome or code, each command once."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self._seen: dict[str, bytes] = {}
        self.counted: Counter[tuple[str, str]] = Counter()
        self.repeated = 0
        self.events = 0
        self.complete = asyncio.Event()
        self._moved = asyncio.Event()

    @property
    def count(self) -> int:
        """How many commands were answered so far."""
        return len(self._seen)

    def take(self, body: bytes) -> None:
        """Count one.

        Raises:
            ChangedResultError: the command had another result before.
        """
        result = orjson.loads(body)
        id_, digest = result["command_id"], blake2b(body, digest_size=8).digest()
        known = self._seen.setdefault(id_, digest)
        if known is not digest:
            self.repeated += 1
            if known != digest:
                raise ChangedResultError(f"the command {id_} has two different results")
            return
        kind = result["command_type"].split(".")[2]
        self.counted[kind, result.get("code", result["outcome"])] += 1
        self.events += len(result.get("events", ()))
        self._moved.set()
        if len(self._seen) == self.expected:
            self.complete.set()

    async def at_least(self, count: int) -> None:
        """Wait until so many commands are answered."""
        while self.count < count:
            self._moved.clear()
            await self._moved.wait()


async def follow(connection: Connection, results: Results) -> None:
    """Take every result from the first one on, until cancelled."""
    consumer = AIOKafkaConsumer(
        connection.topic(topics.RESULTS),
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        **connection.options,
    )
    await consumer.start()
    try:
        while True:
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                for record in batch:
                    results.take(record.value)
    finally:
        await consumer.stop()
