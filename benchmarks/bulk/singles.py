"""A neighbour's single commands at a steady rate: how long each waits for its result."""

import asyncio
from time import perf_counter

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks.bulk import school
from contracts import topics
from contracts.envelope import header
from services.runtime.bus.client import Connection
from services.runtime.bus.offsets import go_to_end, reader
from services.runtime.bus.outbox import Message
from services.runtime.embedded.waiting import until

RATE = 20
"""Commands a second."""
PATIENCE = 120.0
POLL_MS = 20


class Singles:
    """Sends until it is stopped; ``milliseconds`` from each send to its result."""

    def __init__(self, cluster: Connection, first: int, count: int) -> None:
        self._cluster = cluster
        self._learners = range(first, first + count)
        self._sent: dict[str, float] = {}
        self.milliseconds: list[float] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Visits of enrolled learners, one after the other, on a clock of their own."""
        consumer = reader(self._cluster, [topics.RESULTS])
        await consumer.start()
        await go_to_end(consumer)
        hearing = asyncio.create_task(self._hear(consumer))
        try:
            async with AIOKafkaProducer(**self._cluster.options, acks="all") as producer:
                begins, number = perf_counter(), 0
                while not stop.is_set() and number < len(self._learners) * len(school.ACTIVITIES):
                    step, place = divmod(number, len(self._learners))
                    due = begins + number / RATE
                    await asyncio.sleep(max(0.0, due - perf_counter()))
                    await self._send(producer, school.neighbours_visit(self._learners[place], step))
                    number += 1
            if not await until(self._answered, within=PATIENCE):
                raise TimeoutError(f"{len(self._sent)} commands were not answered")
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)
            await consumer.stop()

    async def _send(self, producer: AIOKafkaProducer, message: Message) -> None:
        id_ = (header(message.headers, "ce_id") or b"").decode()
        self._sent[id_] = perf_counter()
        await producer.send(
            self._cluster.topic(message.topic),
            message.value,
            key=message.key,
            headers=list(message.headers),
        )

    async def _hear(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                now = perf_counter()
                for record in records:
                    subject = (header(record.headers, "ce_subject") or b"").decode()
                    if subject in self._sent:
                        self.milliseconds.append((now - self._sent.pop(subject)) * 1e3)

    async def _answered(self) -> bool:
        return not self._sent
