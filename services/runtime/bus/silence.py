"""Notices a consumer that takes nothing although records wait: aiokafka's may fall silent.

Silence is counted in looks and not by the clock: a process that was stopped for a while, or a
broker that was away, is no silence. Nor is a long batch.
"""

import asyncio
import logging
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

LOOKS = 3
"""So many looks in a row at waiting records and no batch taken."""
LOOKS_OF_A_SPARE = 4 * LOOKS
"""Without partitions, while nobody else of the group commits: those who have them may be busy."""
LOOK_SECONDS = 10
"""A look that takes longer has seen nothing."""

Offsets = Mapping[TopicPartition, int]
log = logging.getLogger(__name__)


class SilentConsumerError(Exception):
    """``consumer_silent``: there is work and nothing comes; the part has to start anew."""

    code = "consumer_silent"


class Silence:
    """Looks at one consumer, again and again."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._taken = 0
        self._committed: Offsets = {}
        self._looks = 0

    async def look(self, taken: int) -> None:
        """Look once; ``taken`` counts the batches that the consumer gave, none under way.

        Raises:
            SilentConsumerError: it has been silent at too many looks in a row.
        """
        assigned = self._consumer.assignment()
        quiet, self._taken = taken == self._taken, taken
        waiting = quiet and await self._waiting(assigned)
        self._looks = self._looks + 1 if waiting else 0
        if self._looks >= (LOOKS if assigned else LOOKS_OF_A_SPARE):
            raise SilentConsumerError(
                "records wait on Kafka and none came to this consumer; it is started anew"
            )

    async def _waiting(self, assigned: frozenset[TopicPartition]) -> bool:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                if assigned:
                    return await self._has_lag(assigned)
                return await self._stands_still()
        except (KafkaError, TimeoutError) as error:
            log.warning("the lag of a consumer cannot be read now: %r", error)
            return False

    async def _has_lag(self, assigned: frozenset[TopicPartition]) -> bool:
        ends = await self._consumer.end_offsets(assigned)
        try:
            async with asyncio.timeout(LOOK_SECONDS / 2):
                position = self._consumer.position
                return any([await position(place) < end for place, end in ends.items()])
        except (KafkaError, TimeoutError):
            return True  # Kafka answers, and still the consumer has no place to read from

    async def _stands_still(self) -> bool:
        """Whether the whole group has work and has committed nothing since the last look."""
        places = [
            TopicPartition(topic, partition)
            for topic in self._consumer.subscription()
            for partition in self._consumer.partitions_for_topic(topic) or ()
        ]
        begins = await self._consumer.beginning_offsets(places)
        ends = await self._consumer.end_offsets(places)
        committed = {
            place: await self._consumer.committed(place) or begins[place] for place in places
        }
        still, self._committed = committed == self._committed, committed
        return still and any(committed[place] < ends[place] for place in places)
