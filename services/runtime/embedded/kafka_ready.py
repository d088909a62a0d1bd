"""Whether something at an address speaks the Kafka protocol."""

from __future__ import annotations

import asyncio

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

_ANSWER_MS = 5_000


async def kafka_answers(bootstrap: str) -> bool:
    """Whether a client gets the cluster's metadata, with a broker in it, from `bootstrap`."""
    host, _, port = bootstrap.rpartition(":")
    # A bare connection first: the client logs an error for each refused one, and refusal is
    # the rule while a broker starts.
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=_ANSWER_MS)
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
    return bool(cluster["brokers"])
