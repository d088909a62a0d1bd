"""Dead letters from their topics, read without a group and only up to where they end now."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing, asynccontextmanager
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.cli.dead.letters import DEAD, Letter, NoLetterError, Place, letter
from services.runtime.bus.client import Connection
from services.runtime.bus.offsets import go_to_end, reader

POLL_MS = 200
SECONDS = 20.0
"""How long a broker may take to hand over what it has."""


class Summary(NamedTuple):
    """The newest letters, and how many there are by topic and error code."""

    newest: list[Letter]
    counts: Counter[tuple[str, str]]


async def summary(connection: Connection, limit: int) -> Summary:
    """All letters counted, the newest kept without their bodies."""
    counts: Counter[tuple[str, str]] = Counter()
    newest: deque[Letter] = deque(maxlen=limit)
    async with aclosing(letters(connection, DEAD.values())) as found:
        async for it in found:
            counts[it.place.topic, it.mark("error_code")] += 1
            size = ("coursemark_dropped_bytes", str(it.size).encode())
            newest.append(it._replace(value=None, headers=[*it.headers, size]))
    return Summary(sorted(newest, key=lambda it: it.at), counts)


async def letters(connection: Connection, topics: Collection[str]) -> AsyncGenerator[Letter]:
    """Every letter of these topics, in the order of each."""
    async with _consumer(connection, topics) as consumer:
        ends = await go_to_end(consumer)
        await consumer.seek_to_beginning()
        while [at for at, end in ends.items() if await consumer.position(at) < end]:
            batches = await asyncio.wait_for(consumer.getmany(timeout_ms=POLL_MS), SECONDS)
            for batch in batches.values():
                for record in batch:
                    yield letter(record, connection.prefix)


async def letter_at(connection: Connection, wanted: Place) -> Letter:
    """One letter.

    Raises:
        NoLetterError: none stands there.
    """
    at = TopicPartition(connection.topic(wanted.topic), wanted.partition)
    async with _consumer(connection, [wanted.topic]) as consumer:
        ends = await go_to_end(consumer)
        begins = await consumer.beginning_offsets(consumer.assignment())
        if not begins.get(at, 0) <= wanted.offset < ends.get(at, 0):
            raise NoLetterError(f"There is no dead letter {wanted}; see `coursemark dead list`.")
        consumer.seek(at, wanted.offset)
        record = await asyncio.wait_for(consumer.getone(at), SECONDS)
        return letter(record, connection.prefix)


@asynccontextmanager
async def _consumer(
    connection: Connection, topics: Collection[str]
) -> AsyncGenerator[AIOKafkaConsumer]:
    consumer = reader(connection, topics)
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()
