"""How far a consumer group has come, seen from outside of it."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from services.runtime.bus.client import Connection

Offsets = Mapping[TopicPartition, int]


class GroupOffsets:
    """Offsets of a group on some topics, which have to be there."""

    def __init__(self, connection: Connection, group: str, topics: Collection[str]) -> None:
        self._group = f"{connection.prefix}{group}"
        self._admin = AIOKafkaAdminClient(**connection.options)
        self._consumer = AIOKafkaConsumer(
            *map(connection.topic, topics), enable_auto_commit=False, **connection.options
        )

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
        """Where each partition ends now."""
        return dict(await self._consumer.end_offsets(self._consumer.assignment()))

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
