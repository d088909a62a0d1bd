"""What Coursemark needs of a broker, on the embedded one and on Apache Kafka alike."""

from __future__ import annotations

from aiokafka import TopicPartition
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from tests.support.kafka import admin, consumer, create_topic, producer, take

_ODD = [
    (None, b"no key", []),
    (b"", b"", [("empty", b"")]),
    (b"\xff\x00", b"\xfe", [("none", None), ("bytes", b"\xff\xfe"), ("text", b"caf\xc3\xa9")]),
    (b"k", None, [("twice", b"1"), ("twice", b"2")]),
]


async def test_bytes_come_back_as_they_were_sent(kafka: str, topic_prefix: str) -> None:
    topic = f"{topic_prefix}odd"
    await create_topic(kafka, topic, partitions=1)
    async with producer(kafka) as sender:
        for key, value, headers in _ODD:
            await sender.send_and_wait(topic, value, key=key, headers=headers)
    async with consumer(kafka, topic) as reader:
        records = await take(reader, len(_ODD))
    assert [(r.key, r.value, list(r.headers)) for r in records] == _ODD


async def test_a_topic_has_the_partitions_and_the_policy_it_was_made_with(
    kafka: str, topic_prefix: str
) -> None:
    topic = f"{topic_prefix}wide"
    await create_topic(kafka, topic, partitions=48, config={"cleanup.policy": "compact"})
    async with admin(kafka) as client:
        [found] = await client.describe_topics([topic])
        [answer] = await client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    assert {part["partition"] for part in found["partitions"]} == set(range(48))
    settings = {entry[0]: entry[1] for entry in answer.resources[0][4]}
    assert settings["cleanup.policy"] == "compact"


async def test_one_key_keeps_its_order_over_48_partitions(kafka: str, topic_prefix: str) -> None:
    topic = f"{topic_prefix}ordered"
    await create_topic(kafka, topic, partitions=48)
    sent = [(f"school/{n % 7}".encode(), str(n).encode()) for n in range(700)]
    async with producer(kafka, linger_ms=5) as sender:
        for key, value in sent:
            await sender.send(topic, value, key=key)
        await sender.flush()
    async with consumer(kafka, topic) as reader:
        records = await take(reader, len(sent))
    for key in {key for key, _ in sent}:
        assert [r.value for r in records if r.key == key] == [v for k, v in sent if k == key]


async def test_a_group_goes_on_where_it_committed(kafka: str, topic_prefix: str) -> None:
    topic, group = f"{topic_prefix}work", f"{topic_prefix}workers"
    partition = TopicPartition(topic, 0)
    await create_topic(kafka, topic, partitions=1)
    async with producer(kafka) as sender:
        for n in range(10):
            await sender.send_and_wait(topic, str(n).encode())
    async with consumer(kafka, topic, group=group) as member:
        await take(member, 10)
        await member.commit({partition: 4})
    # Assigned rather than subscribed: the embedded broker lets the next member wait long.
    async with consumer(kafka, group=group) as successor:
        successor.assign([partition])
        assert await successor.committed(partition) == 4
        assert (await take(successor, 6))[0].value == b"4"
