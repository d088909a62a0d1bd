"""Batches of raw records in a consumer group, by FastStream; committed when they are handled.

Its own parser decodes every header as UTF-8 and fails a whole batch on one that is not, so
ours hands the records over as they came. Nothing is committed that was not handled: where the
handler fails, the inbox ends with the error, and the batch comes again to whoever is next.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import KafkaAckableMessage
from faststream.kafka.schemas import Topic
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from services.runtime.bus import header_names
from services.runtime.bus.client import Connection, Security
from services.runtime.bus.record import Record
from services.runtime.bus.silence import LOOKS, Silence
from services.runtime.embedded.waiting import until
from services.runtime.readiness import Ready, nobody_waits
from services.store.ownership import NotOwnerError, Ownership, Partition

POLL_MS = 10
FETCH_WAIT_MS = 50
"""How long a fetch may wait for a record; the embedded broker notices one that comes meanwhile only
after a good part of that: at the usual 500 a lone command waits for 200."""
PARTITION_FETCH = 512 * 1024
"""Bytes fetched ahead of each partition; a larger record comes alone."""
STOP_SECONDS = 30
CLAIMS = 3
"""How often a batch is claimed: a sleeper that wakes up may take a claim away once."""
REJOIN_SECONDS = 120
"""A member that the group has lost is back by then, or the part has to start anew."""

_SASL = {"PLAIN": SASLPlaintext, "SCRAM-SHA-256": SASLScram256, "SCRAM-SHA-512": SASLScram512}

Handler = Callable[[Sequence[Record]], Awaitable[None]]
log = logging.getLogger(__name__)


class Inbox:
    """Hands batches of the topics' records to ``handle``, one batch at a time.

    ``ownership``: the partitions of a batch are claimed, and then the group is asked whether they
    are still this consumer's, before it is handled; the handler holds them while it writes. A
    process that slept for longer than its session may wake up with records that its successor
    has handled, and later ones too; where the last write wins, they must not be written again.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        group: str,
        topics: Collection[str],
        handle: Handler,
        max_records: int,
        silence_seconds: float,
        ownership: Ownership | None = None,
        fetch_bytes: int = PARTITION_FETCH,
    ) -> None:
        header_names.install()
        self._handle = handle
        self._ownership = ownership
        self._claimed: set[Partition] = set()
        self._silence = silence_seconds
        self._broker = KafkaBroker(
            connection.servers,
            security=as_faststream(connection.security),
            graceful_timeout=STOP_SECONDS,
            logger=log,
            log_level=logging.DEBUG,
        )
        self._subscriber = self._broker.subscriber(
            *(Topic(connection.topic(name), declare=False) for name in topics),
            batch=True,
            group_id=f"{connection.prefix}{group}",
            auto_offset_reset="earliest",
            isolation_level="read_committed",  # what a producer has taken back is not carried out
            ack_policy=AckPolicy.MANUAL,
            max_records=max_records,
            batch_timeout_ms=POLL_MS,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_partition_fetch_bytes=fetch_bytes,
            session_timeout_ms=int(connection.session_seconds * 1_000),
            heartbeat_interval_ms=int(connection.session_seconds * 1_000 / 4),
            parser=self._parse,
            decoder=_nothing,
            listener=_Joined(self),
        )
        self._subscriber(self._take)
        self._failed: asyncio.Future[None] | None = None
        self._busy = False
        self._taken = self._joins = 0
        self._ready = nobody_waits

    async def run(self, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
        """Consume until ``stop`` is set; a batch that is under way then is finished first.

        ``ready`` is called each time the consumer has joined its group.

        Raises:
            SilentConsumerError: records wait and none came for ``silence_seconds``.
            Exception: whatever the handler raised; its batch is not committed.
        """
        self._ready = ready
        self._failed = asyncio.get_running_loop().create_future()
        stopping = asyncio.ensure_future(stop.wait())
        consuming = asyncio.ensure_future(self._consume())
        ends: list[asyncio.Future[Any]] = [self._failed, consuming, stopping]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            consuming.cancel()
            await self._broker.stop()  # waits for the batch that is under way
            self._failed.cancel()
            outcomes = await asyncio.gather(*ends, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome

    async def _consume(self) -> None:
        """Join the group, which may take as long as Kafka is away; then watch, for ever."""
        await self._broker.start()
        silence = Silence(self._subscriber.consumer)
        while True:
            await asyncio.sleep(self._silence / LOOKS)
            if not self._busy:
                await silence.look(self._taken)

    async def _take(self, message: KafkaMessage) -> None:
        if self._failed is None or self._failed.done():
            return  # the part is about to end
        self._busy, self._taken = True, self._taken + 1
        try:
            if not await self._handled(message.raw_message):
                return
        except Exception as error:  # noqa: BLE001 - it is raised where the inbox was started
            self._failed.set_exception(error)
            return
        finally:
            self._busy = False
        try:
            await message.ack()
        except KafkaError as error:
            # The group has moved on; whoever has the partitions now gets the batch again, and
            # the receipts answer it.
            name = type(error).__name__
            log.warning("a batch was handled and not committed, it will come again: %s", name)

    async def _handled(self, records: Sequence[Record]) -> bool:
        """Handle a batch; False where it is another consumer's."""
        if self._ownership is None:
            await self._handle(records)
            return True
        for _ in range(CLAIMS):
            if not await self._is_ours(records, self._ownership):
                return False
            try:
                await self._handle(records)
            except NotOwnerError as error:  # by our successor, or by one that had slept
                log.warning("%s; asking the group again", error)
                self._claimed.clear()
            else:
                return True
        raise NotOwnerError("the group and the owner of its partitions do not agree; starting anew")

    async def _is_ours(self, records: Sequence[Record], ownership: Ownership) -> bool:
        """Claim the partitions, then ask the group: by committing where the batch begins.

        Whoever comes after us is given the partitions after that answer, and claims them then.
        """
        wanted = {(record.topic, record.partition) for record in records}
        if not wanted <= self._claimed:
            await ownership.claim(wanted)
            self._claimed |= wanted
        consumer: Any = self._subscriber.consumer
        joins, begins = self._joins, dict[TopicPartition, int]()
        for record in records:
            begins.setdefault(TopicPartition(record.topic, record.partition), record.offset)

        async def joined_anew() -> bool:
            return self._joins > joins

        try:
            await consumer.commit(begins)
        except KafkaError as error:
            name = type(error).__name__
            log.warning("a batch is no longer ours, whoever has it now handles it: %s", name)
            if not await until(joined_anew, within=REJOIN_SECONDS):
                raise
        return not await joined_anew()

    def joined(self) -> None:
        """The group has given out its partitions; what is not committed comes again."""
        self._joins += 1
        self._claimed.clear()
        self._ready()

    async def _parse(self, records: Any) -> KafkaMessage:
        return KafkaAckableMessage(
            body=b"", headers={}, raw_message=records, consumer=self._subscriber.consumer
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


async def _nothing(_message: KafkaMessage) -> None:
    """The handler reads the raw records."""


def as_faststream(security: Security | None) -> BaseSecurity | None:
    """The same security in FastStream's words."""
    if security is None or security.mechanism is None:
        return None if security is None else BaseSecurity(ssl_context=security.context)
    return _SASL[security.mechanism](
        username=security.username,
        password=security.password.get_secret_value(),
        ssl_context=security.context,
        use_ssl=security.context is not None,
    )
