"""Batches of raw records in a consumer group, by FastStream; committed when they are handled.

Its own parser decodes every header as UTF-8 and fails a whole batch on one that is not, so
ours hands the records over as they came. Nothing is committed that was not handled: where the
handler fails, the subscriber stops with the error, and the batch comes again to whoever is next.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.exceptions import StopConsume
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import KafkaAckableMessage
from faststream.kafka.schemas import Topic

from services.runtime.bus import header_names
from services.runtime.bus.client import Connection
from services.runtime.bus.record import Record
from services.runtime.readiness import Ready, nobody_waits

POLL_MS = 10
PARTITION_FETCH = 512 * 1024
"""Bytes fetched ahead of each partition; a larger record comes alone."""
STOP_SECONDS = 30

Handler = Callable[[Sequence[Record]], Awaitable[None]]
log = logging.getLogger(__name__)


class SilentConsumerError(Exception):
    """``consumer_silent``: there is work and nothing comes; the part has to start anew."""

    code = "consumer_silent"


class Inbox:
    """Hands batches of the topics' records to ``handle``, one batch at a time."""

    def __init__(
        self,
        connection: Connection,
        *,
        group: str,
        topics: Collection[str],
        handle: Handler,
        max_records: int,
        silence_seconds: float,
    ) -> None:
        header_names.install()
        self._handle = handle
        self._silence = silence_seconds
        self._broker = KafkaBroker(
            connection.servers,
            security=connection.security,
            graceful_timeout=STOP_SECONDS,
            logger=log,
            log_level=logging.DEBUG,
        )
        self._subscriber = self._broker.subscriber(
            *(Topic(connection.topic(name), declare=False) for name in topics),
            batch=True,
            group_id=f"{connection.prefix}{group}",
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            max_records=max_records,
            batch_timeout_ms=POLL_MS,
            max_partition_fetch_bytes=PARTITION_FETCH,
            session_timeout_ms=int(connection.session_seconds * 1_000),
            heartbeat_interval_ms=int(connection.session_seconds * 1_000 / 4),
            parser=self._parse,
            decoder=_nothing,
            listener=_Joined(self),
        )
        self._subscriber(self._take)
        self._failed: asyncio.Future[None] | None = None
        self._busy = False
        self._last = 0.0
        self.joined = nobody_waits

    async def run(self, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
        """Consume until ``stop`` is set; a batch that is under way then is finished first.

        ``ready`` is called each time the consumer has joined its group.

        Raises:
            SilentConsumerError: records wait and none came for ``silence_seconds``.
            Exception: whatever the handler raised; its batch is not committed.
        """
        loop = asyncio.get_running_loop()
        self.joined = ready
        self._failed, self._last = loop.create_future(), loop.time()
        await self._broker.start()
        waits: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(stop.wait()),
            self._failed,
            asyncio.ensure_future(self._watch()),
        ]
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in waits:
                waiting.cancel()
            await self._broker.stop()
        for ended in done:
            ended.result()

    async def _take(self, message: KafkaMessage) -> None:
        self._busy = True
        try:
            await self._handle(message.raw_message)
        except Exception as error:
            if self._failed is not None and not self._failed.done():
                self._failed.set_exception(error)
            raise StopConsume from error
        finally:
            self._busy, self._last = False, asyncio.get_running_loop().time()
        try:
            await message.ack()
        except KafkaError as error:
            # The group has moved on; whoever has the partitions now gets the batch again, and
            # the receipts answer it.
            log.warning("a batch was handled and not committed, it will come again: %r", error)

    async def _parse(self, records: Any) -> KafkaMessage:
        return KafkaAckableMessage(
            body=b"", headers={}, raw_message=records, consumer=self._subscriber.consumer
        )

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._silence / 3)
            consumer = self._subscriber.consumer
            quiet = not self._busy and loop.time() - self._last > self._silence
            if quiet and consumer is not None and await _has_lag(consumer):
                raise SilentConsumerError(
                    "records wait on Kafka and none came to this consumer; it is started anew"
                )


class _Joined(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Tells that the consumer has joined its group, with or without partitions."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def on_partitions_revoked(self, revoked: object) -> None:
        """Nothing: what was handled was committed with its batch."""

    def on_partitions_assigned(self, assigned: object) -> None:  # noqa: ARG002 - inherited
        """The group knows the consumer."""
        self._inbox.joined()


async def _has_lag(consumer: AIOKafkaConsumer) -> bool:
    assigned = consumer.assignment()
    if not assigned:
        return False
    try:
        ends = await consumer.end_offsets(assigned)
        return any([await consumer.position(place) < end for place, end in ends.items()])
    except KafkaError as error:
        log.warning("the lag of a consumer cannot be read now: %r", error)
        return False


async def _nothing(_message: KafkaMessage) -> None:
    """The handler reads the raw records."""
