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
from services.runtime.topology import TOPICS

BATCH_BYTES = 512 * 1024
_partitioner = DefaultPartitioner()


class Message(NamedTuple):
    """A record to send; ``topic`` without the cluster's prefix."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]

    @property
    def size(self) -> int:
        """About how many bytes it takes on Kafka."""
        around = sum(len(name) + len(raw or b"") for name, raw in self.headers)
        return len(self.key or b"") + len(self.value or b"") + around


class OutboxError(Exception):
    """``kafka_unreachable``: some messages were not acknowledged; send all of them again."""

    code = "kafka_unreachable"


class TooLargeError(Exception):
    """``message_too_large``: Kafka refuses one of the messages for its size, now and later."""

    code = "message_too_large"


class Outbox:
    """A producer that keeps the order of each key within a ``send`` and between two of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._producer = AIOKafkaProducer(
            **connection.options,
            acks="all",
            enable_idempotence=connection.idempotent,
            max_batch_size=BATCH_BYTES,
            max_request_size=MAX_REQUEST,
            linger_ms=1,
        )

    async def __aenter__(self) -> Self:
        await self._producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()

    async def send(self, messages: Iterable[Message]) -> None:
        """Send all; returns when each is acknowledged.

        Raises:
            OutboxError: one was not; what was sent may arrive once more when sent again.
            TooLargeError: one never will be.
        """
        try:
            queues = await self._fill(messages)
            drained = await asyncio.gather(
                *(self._drain(place, queue) for place, queue in queues.items()),
                return_exceptions=True,  # nothing of this send is under way when it returns
            )
            for failure in filter(None, drained):
                raise failure
        except KafkaError as error:
            raise OutboxError(f"Kafka did not take the messages: {error!r}") from error

    async def _fill(self, messages: Iterable[Message]) -> dict[tuple[str, int], list[BatchBuilder]]:
        """Batches by topic and partition, in order."""
        counts: dict[str, int] = {}
        queues: dict[tuple[str, int], list[BatchBuilder]] = {}
        for name, key, value, headers in messages:
            topic = self._connection.topic(name)
            if topic not in counts:
                counts[topic] = len(await self._producer.partitions_for(topic))
            place = topic, partition_of(key, counts[topic])
            queue = queues.get(place)
            if queue is None:
                queue = queues[place] = [self._producer.create_batch()]
            if not _append(queue[-1], key, value, headers):
                queue.append(self._producer.create_batch())
                _append(queue[-1], key, value, headers)
        return queues

    async def _drain(self, place: tuple[str, int], queue: list[BatchBuilder]) -> None:
        topic, partition = place
        try:
            for batch in queue:
                await (await self._producer.send_batch(batch, topic, partition=partition))
        except (MessageSizeTooLargeError, RecordListTooLargeError) as error:
            limit = TOPICS[topic.removeprefix(self._connection.prefix)].max_message_bytes
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
    taken = batch.append(timestamp=None, key=key, value=value, headers=headers)
    return taken is not None


@lru_cache(maxsize=50_000)
def partition_of(key: bytes | None, count: int) -> int:
    """The partition of a key, as Kafka's own clients choose it (murmur2); 0 without a key."""
    if key is None:
        return 0
    chosen: int = _partitioner(key, range(count), range(count))
    return chosen
