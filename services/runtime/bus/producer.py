"""A producer of aiokafka: made, started within a bound, and given up where it failed.

With idempotence aiokafka's producer numbers its batches. One that Kafka refuses leaves a gap, and
from then on its partition is out of order for ever; a broker that stays away is waited for
without end. So a producer that failed is not used again: a new one counts from the beginning.
"""

import asyncio
import logging

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.runtime.bus.client import MAX_REQUEST, Connection

BATCH_BYTES = 512 * 1024
REQUEST_SECONDS = 20
"""A broker that does not answer a request by then is asked anew, on a new connection."""
START_SECONDS = 30
END_SECONDS = REQUEST_SECONDS + 5
"""More than a request that is under way can take."""

log = logging.getLogger(__name__)


async def started(connection: Connection) -> AIOKafkaProducer:
    """A new producer.

    Raises:
        KafkaError: no broker answers, or it refuses.
        TimeoutError: it answers no more.
    """
    producer = AIOKafkaProducer(
        **connection.options,
        acks="all",
        enable_idempotence=connection.idempotent,
        max_batch_size=BATCH_BYTES,
        max_request_size=MAX_REQUEST,
        request_timeout_ms=REQUEST_SECONDS * 1_000,
        linger_ms=1,
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            await producer.start()
    except BaseException:
        await producer.stop()
        raise
    return producer


async def give_up(producer: AIOKafkaProducer) -> None:
    """End it without what it has still to send.

    A request that is under way is waited for: what it carries shall not arrive after a new
    producer has sent the same again.
    """
    try:
        async with asyncio.timeout(END_SECONDS):
            await producer._sender.close()  # noqa: SLF001 - stop() would first send what is left
    except (KafkaError, TimeoutError) as error:
        log.warning("a producer that failed did not end well: %r", error)
    producer._closed = True  # noqa: SLF001 - as stop() does
    await producer.client.close()
