"""Many messages to Kafka at once, each acknowledged by all replicas before ``send`` returns."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder

from services.runtime.bus.client import MAX_REQUEST, Connection
from services.runtime.bus.producer import give_up, started
from services.runtime.topology import TOPICS

ANSWER_SECONDS = 30
"""By then a batch is acknowledged, or the broker is away."""
Place = tuple[str, int]
"""A topic's full name and a partition."""

_partitioner = DefaultPartitioner()


class Message(NamedTuple):
    """A record to send; ``topic`` without the cluster's prefix."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class OutboxError(Exception):
    """``kafka_unreachable``: some messages were not acknowledged; send all of them again."""

    code = "kafka_unreachable"


class TooLargeError(Exception):
    """``message_too_large``: Kafka refuses one of the messages for its size, now and later."""

    code = "message_too_large"


class Outbox:
    """Keeps the order of each key within a ``send`` and from one to the next.

    One send at a time. After one that failed nothing of it is under way any more, and the next
    begins with a new producer, as the first one does. ``answer_seconds`` bounds the wait for
    each batch.
    """

    def __init__(self, connection: Connection, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._connection = connection
        self._answer_seconds = answer_seconds
        self._producer: AIOKafkaProducer | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._producer is not None:
            await self._producer.stop()

    async def send(self, messages: Iterable[Message]) -> None:
        """Send all; returns when each is acknowledged.

        Raises:
            OutboxError: one was not; what was sent may arrive once more when sent again.
            TooLargeError: one never will be.
        """
        async with self._turn:
            producer = await self._started()
            try:
                await self._send(producer, messages)
            except BaseException:
                self._producer = None
                await give_up(producer)
                raise

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            try:
                self._producer = await started(self._connection)
            except (KafkaError, TimeoutError) as error:
                raise OutboxError(
                    f"No Kafka broker answers at {self._connection.bootstrap}: {error!r}; "
                    "check that it runs and that COURSEMARK_KAFKA points to it"
                ) from error
        return self._producer

    async def _send(self, producer: AIOKafkaProducer, messages: Iterable[Message]) -> None:
        try:
            queues = await self._fill(producer, messages)
            drained = await asyncio.gather(
                *(self._drain(producer, *placed) for placed in queues.items()),
                return_exceptions=True,  # nothing of this send is under way when it returns
            )
            for failure in filter(None, drained):
                raise failure
        except (KafkaError, TimeoutError) as error:
            raise OutboxError(f"Kafka did not take the messages: {error!r}") from error

    async def _fill(
        self, producer: AIOKafkaProducer, messages: Iterable[Message]
    ) -> dict[Place, list[BatchBuilder]]:
        """Batches by topic and partition, in order."""
        counts: dict[str, int] = {}
        queues: dict[Place, list[BatchBuilder]] = {}
        for name, key, value, headers in messages:
            topic = self._connection.topic(name)
            if topic not in counts:
                counts[topic] = len(await producer.partitions_for(topic))
            place = topic, partition_of(key, counts[topic])
            queue = queues.get(place)
            if queue is None:
                queue = queues[place] = [producer.create_batch()]
            if not _append(queue[-1], key, value, headers):
                queue.append(producer.create_batch())
                _append(queue[-1], key, value, headers)
        return queues

    async def _drain(
        self, producer: AIOKafkaProducer, place: Place, queue: list[BatchBuilder]
    ) -> None:
        topic, partition = place
        try:
            for batch in queue:
                async with asyncio.timeout(self._answer_seconds):
                    await (await producer.send_batch(batch, topic, partition=partition))
        except (MessageSizeTooLargeError, RecordListTooLargeError) as error:
            spec = TOPICS.get(topic.removeprefix(self._connection.prefix))
            limit = MAX_REQUEST if spec is None else spec.max_message_bytes
            raise TooLargeError(
                f"The topic {topic} refuses a message for its size; "
                f"set its max.message.bytes to {limit}"
            ) from error


def _append(
    batch: BatchBuilder,
    key: bytes | None,
    value: bytes | None,
    headers: Sequence[tuple[str, bytes | None]],
) -> bool:
    taken = batch.append(timestamp=None, key=key, value=value, headers=list(headers))
    return taken is not None


@lru_cache(maxsize=50_000)
def partition_of(key: bytes | None, count: int) -> int:
    """The partition of a key, as Kafka's own clients choose it (murmur2); 0 without a key."""
    if key is None:
        return 0
    chosen: int = _partitioner(key, range(count), range(count))
    return chosen
