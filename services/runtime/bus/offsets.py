"""Where topics end and how far a consumer group has come, seen from outside of the group."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaTimeoutError

from services.runtime.bus.client import Connection
from services.runtime.embedded.waiting import until

POLL_MS = 100
SECONDS = 20.0
"""How long a broker may take to say where its partitions end."""

Offsets = Mapping[TopicPartition, int]


def reader(connection: Connection, topics: Collection[str]) -> AIOKafkaConsumer:
    """A consumer of all partitions of these topics that belongs to no group; not started."""
    return AIOKafkaConsumer(
        *map(connection.topic, topics),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        **connection.options,
    )


async def go_to_end(consumer: AIOKafkaConsumer) -> Offsets:
    """Put a consumer behind everything that is there, and say where that is.

    The embedded broker's answer to "where does it end" is too low where the last batch has more
    than one record; what a fetch says is right on every broker.

    Raises:
        KafkaTimeoutError: the broker does not answer.
    """
    places = consumer.assignment()
    await consumer.seek_to_end()

    async def told() -> bool:
        await consumer.getmany(timeout_ms=POLL_MS)
        return all(consumer.highwater(place) is not None for place in places)

    if not await until(told, within=SECONDS):
        raise KafkaTimeoutError("the broker does not say where its partitions end")
    ends = {place: consumer.highwater(place) for place in places}
    for place, end in ends.items():
        consumer.seek(place, end)
    return ends


class GroupOffsets:
    """Offsets of a group on some topics, which have to be there."""

    def __init__(self, connection: Connection, group: str, topics: Collection[str]) -> None:
        self._group = f"{connection.prefix}{group}"
        self._admin = AIOKafkaAdminClient(**connection.options)
        self._consumer = reader(connection, topics)

    async def __aenter__(self) -> Self:
        await self._admin.start()
        try:
            await self._consumer.start()
        except BaseException:
            await self._admin.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()
        await self._admin.close()

    async def ends(self) -> Offsets:
        """Where each partition ends now; asked for once."""
        return await go_to_end(self._consumer)

    async def handled(self) -> Offsets:
        """Up to where the group has committed; where it never has, the beginning."""
        places = list(self._consumer.assignment())
        begins = await self._consumer.beginning_offsets(places)
        found = await self._admin.list_consumer_group_offsets(self._group, partitions=places)
        return {
            place: max(begins[place], found[place].offset if place in found else -1)
            for place in places
        }

    async def lag(self) -> Counter[str]:
        """How many records of each topic are still to be handled."""
        ends, handled = await self.ends(), await self.handled()
        waiting: Counter[str] = Counter()
        for place, end in ends.items():
            waiting[place.topic] += max(0, end - handled[place])
        return waiting
