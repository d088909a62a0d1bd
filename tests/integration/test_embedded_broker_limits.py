"""What the embedded broker cannot do; `broker.py` lists it, and a new release may lift it."""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import NewPartitions
from aiokafka.errors import IncompatibleBrokerVersion, MessageSizeTooLargeError, UnknownError

from services.runtime.embedded import EmbeddedBroker
from tests.support.kafka import admin, consumer, create_topic, producer, take
from tests.support.servers import server_folder

_TWO_MIB = 2 * 1024 * 1024


async def test_it_has_no_idempotent_producer(embedded_kafka: str, topic_prefix: str) -> None:
    topic = f"{topic_prefix}idempotent"
    await create_topic(embedded_kafka, topic, partitions=1)
    client = AIOKafkaProducer(bootstrap_servers=embedded_kafka, enable_idempotence=True)
    try:
        with pytest.raises(UnknownError):
            await client.start()
    finally:
        await client.stop()


async def test_it_cannot_add_partitions(embedded_kafka: str, topic_prefix: str) -> None:
    topic = f"{topic_prefix}narrow"
    await create_topic(embedded_kafka, topic, partitions=1)
    async with admin(embedded_kafka) as client:
        with pytest.raises(IncompatibleBrokerVersion):
            await client.create_partitions({topic: NewPartitions(2)})


async def test_it_makes_a_topic_that_somebody_names(embedded_kafka: str, topic_prefix: str) -> None:
    async with admin(embedded_kafka) as client:
        [found] = await client.describe_topics([f"{topic_prefix}never.made"])
    assert (found["error_code"], len(found["partitions"])) == (0, 4)


async def test_it_takes_messages_that_apache_kafka_refuses(
    embedded_kafka: str, topic_prefix: str
) -> None:
    topic = f"{topic_prefix}large"
    await create_topic(embedded_kafka, topic, partitions=1)
    async with producer(embedded_kafka, max_request_size=2 * _TWO_MIB) as sender:
        stored = await sender.send_and_wait(topic, bytes(_TWO_MIB))
    assert stored.offset == 0


@pytest.mark.apache
async def test_apache_kafka_refuses_what_is_over_a_mebibyte(
    apache_kafka: str, topic_prefix: str
) -> None:
    topic = f"{topic_prefix}large"
    await create_topic(apache_kafka, topic, partitions=1)
    async with producer(apache_kafka, max_request_size=2 * _TWO_MIB) as sender:
        with pytest.raises(MessageSizeTooLargeError):
            await sender.send_and_wait(topic, bytes(_TWO_MIB))


async def test_a_stop_forgets_the_topics_and_keeps_the_address() -> None:
    with server_folder() as folder:
        async with EmbeddedBroker(folder) as broker:
            address = broker.bootstrap
            await create_topic(address, "kept", partitions=3)
            await broker.stop()
            await broker.start()
            assert broker.bootstrap == address
            async with admin(address) as client:
                assert await client.list_topics() == []


async def test_it_says_too_low_where_a_partition_ends(
    embedded_kafka: str, topic_prefix: str
) -> None:
    """Whoever wants to know asks a fetch: see services/runtime/bus/offsets.py."""
    topic = f"{topic_prefix}ends"
    await create_topic(embedded_kafka, topic, partitions=1)
    async with producer(embedded_kafka, linger_ms=200) as sender:
        sent = [await sender.send(topic, b"x") for _ in range(3)]
        assert [(await it).offset for it in sent] == [0, 1, 2]
    async with consumer(embedded_kafka, topic) as client:
        [place] = client.assignment()
        assert await client.end_offsets([place]) == {place: 1}
        await take(client, 3)
        assert client.highwater(place) == 3
