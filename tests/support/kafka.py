"""Plain Kafka clients for tests, opened and closed in one place."""

from __future__ import annotations

import struct
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.record.util import calc_crc32c

from services.runtime.embedded.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from aiokafka import ConsumerRecord
    from aiokafka.producer.message_accumulator import BatchBuilder

SESSION_MS = 6_000
"""The shortest session that Apache Kafka allows; a join on the embedded broker takes half."""


@asynccontextmanager
async def admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """An administrator's client."""
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await client.start()
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def producer(bootstrap: str, **options: object) -> AsyncIterator[AIOKafkaProducer]:
    """A producer that waits for all replicas unless told otherwise."""
    client = AIOKafkaProducer(bootstrap_servers=bootstrap, **{"acks": "all", **options})
    try:
        await client.start()
        yield client
    finally:
        await client.stop()


@asynccontextmanager
async def consumer(
    bootstrap: str, *topics: str, group: str | None = None, **options: object
) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer from the earliest offset that commits only when told to."""
    settings: dict[str, object] = {
        "group_id": group,
        "auto_offset_reset": "earliest",
        "enable_auto_commit": False,
        "session_timeout_ms": SESSION_MS,
        "heartbeat_interval_ms": SESSION_MS // 6,
    }
    client = AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, **{**settings, **options})
    try:
        await client.start()
        yield client
    finally:
        await client.stop()


async def create_topic(
    bootstrap: str, topic: str, *, partitions: int, config: Mapping[str, str] | None = None
) -> None:
    """Make a topic and wait until every partition has a leader.

    Apache Kafka answers before its metadata shows the topic.
    """
    async with admin(bootstrap) as client:
        wanted = NewTopic(topic, partitions, 1, topic_configs=dict(config or {}))
        answer = await client.create_topics([wanted])
        assert [error for _, error, *_ in answer.topic_errors] == [0], answer

        async def visible() -> bool:
            [found] = await client.describe_topics([topic])
            leaders = [part["leader"] for part in found["partitions"] if part["leader"] >= 0]
            return found["error_code"] == 0 and len(leaders) == partitions

        assert await until(visible, within=30), f"{topic} never showed in the metadata"


async def take(
    client: AIOKafkaConsumer, count: int, *, within: float = 60
) -> list[ConsumerRecord[bytes | None, bytes | None]]:
    """The next `count` records or more, in the order they came; fails where they do not come."""
    records: list[ConsumerRecord[bytes | None, bytes | None]] = []

    async def enough() -> bool:
        for batch in (await client.getmany(timeout_ms=200)).values():
            records.extend(batch)
        return len(records) >= count

    assert await until(enough, within=within), f"{len(records)} of {count} records came"
    return records


async def whole(
    bootstrap: str, topic: str, *, within: float = 60
) -> list[ConsumerRecord[bytes | None, bytes | None]]:
    """Every record that the topic holds now, each partition in its order."""
    records: list[ConsumerRecord[bytes | None, bytes | None]] = []
    async with consumer(bootstrap, topic) as client:
        ends = await client.end_offsets(client.assignment())

        async def read() -> bool:
            for batch in (await client.getmany(timeout_ms=200)).values():
                records.extend(batch)
            return all([await client.position(place) >= end for place, end in ends.items()])

        assert await until(read, within=within), f"{topic} cannot be read to its end"
    return records


def alter(batch: BatchBuilder, change: Callable[[bytearray], None]) -> None:
    """Let a batch's bytes be changed when it is sent; its checksum is put right."""
    build = batch._build

    def altered() -> bytearray:
        raw: bytearray = build()
        change(raw)
        crc_at, checked_from = 17, 21  # Kafka protocol, record batch
        struct.pack_into(">I", raw, crc_at, calc_crc32c(bytes(raw[checked_from:])))
        return raw

    batch._build = altered
