"""A consumer that takes nothing although records wait is noticed; one that cannot is not blamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.runtime.bus.silence import LOOKS, LOOKS_OF_A_SPARE, Silence, SilentConsumerError
from services.runtime.embedded.waiting import until
from tests.support.kafka import consumer, create_topic, producer

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer

MANY = LOOKS_OF_A_SPARE + LOOKS


async def caught_up(client: AIOKafkaConsumer) -> None:
    """The consumer has taken and committed all there is."""

    async def is_() -> bool:
        await client.getmany(timeout_ms=50)
        ends = await client.end_offsets(client.assignment())
        return all([await client.position(place) == end for place, end in ends.items()])

    assert await until(is_, within=30)
    await client.commit()


async def speaks_up(silence: Silence, after: int) -> None:
    """At so many looks it says nothing, at the next it does."""
    for _ in range(after):
        await silence.look(taken=0)
    with pytest.raises(SilentConsumerError):
        await silence.look(taken=0)


async def test_silence_is_waiting_records_and_none_taken_at_three_looks_in_a_row(
    kafka: str, topic_prefix: str
) -> None:
    topic = f"{topic_prefix}commands"
    await create_topic(kafka, topic, partitions=2)
    async with (
        producer(kafka) as sender,
        consumer(kafka, topic, group=f"{topic_prefix}group") as client,
    ):
        await sender.send_and_wait(topic, b"1")
        await caught_up(client)
        idle = Silence(client)
        for _ in range(2 * LOOKS):
            await idle.look(taken=1)

        await sender.send_and_wait(topic, b"2")
        slow = Silence(client)
        for taken in range(1, 2 * LOOKS):
            await slow.look(taken)

        await speaks_up(Silence(client), after=LOOKS - 1)


async def test_a_spare_consumer_speaks_up_when_its_group_stands_still(
    embedded_kafka: str, topic_prefix: str
) -> None:
    """Another one may have all partitions and commit; or nobody has, as after a rejoin gone bad."""
    topic, group = f"{topic_prefix}commands", f"{topic_prefix}group"
    await create_topic(embedded_kafka, topic, partitions=1)
    async with (
        producer(embedded_kafka) as sender,
        consumer(embedded_kafka, topic, group=group) as worker,
    ):
        for _ in range(MANY):
            await sender.send_and_wait(topic, b"1")
        async with consumer(embedded_kafka, topic, group=group) as other:

            async def one_has_it() -> bool:
                return bool(worker.assignment()) != bool(other.assignment())

            assert await until(one_has_it, within=30)
            holder, spare = (worker, other) if worker.assignment() else (other, worker)
            [place] = holder.assignment()
            busy = Silence(spare)
            for offset in range(1, MANY):
                await holder.commit({place: offset})
                await busy.look(taken=0)
            await speaks_up(Silence(spare), after=LOOKS_OF_A_SPARE)
