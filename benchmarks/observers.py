"""Three observers of what commands lead to: the log, the view's cursor, the events' topic."""

import asyncio
from bisect import bisect_left
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer

from benchmarks.processes import Running
from benchmarks.servers import Stage
from contracts import topics
from services.runtime.embedded.waiting import until

EVERY = 0.001
"""Seconds between two questions to the database."""
PATIENCE = 60
_NEW = "select notification_id, state from stored_events where notification_id > $1 order by 1"
_CURSOR = "select notification_id from projection_cursors where projection = 'progress'"


class Observers:
    """When each command's last event was first seen, by the command's id."""

    def __init__(self) -> None:
        self.durable: dict[str, float] = {}
        self.kafka: dict[str, float] = {}
        self.looks: dict[str, list[float]] = {"log": [], "view": []}
        self._numbers: dict[str, int] = {}
        self._view: list[tuple[int, float]] = [(0, 0.0)]
        self._counts = {"log": 0, "kafka": 0}

    def in_view(self, command: str) -> float:
        """When the view was first seen at or past the command's last event."""
        return self._view[bisect_left(self._view, (self._numbers[command], 0.0))][1]

    async def until(self, events: int, processes: Running) -> None:
        """Wait until so many events are durable, in the view and on Kafka.

        Raises:
            TimeoutError: they did not come.
        """

        async def all_there() -> bool:
            processes.check()
            seen = all(count >= events for count in self._counts.values())
            return seen and self._view[-1][0] >= max(self._numbers.values())

        if not await until(all_there, within=PATIENCE):
            raise TimeoutError(f"{self._counts} of {events} events came")

    async def watch_log(self, connection: asyncpg.Connection) -> None:
        """See new events; those of no command, course structures, are passed over."""
        after = 0
        while True:
            rows = await connection.fetch(_NEW, after)
            now = perf_counter()
            self.looks["log"].append(now)
            for number, state in rows:
                after = number
                command = orjson.loads(state).get("command_id")
                if command is not None:
                    self.durable[command], self._numbers[command] = now, number
                    self._counts["log"] += 1
            await asyncio.sleep(EVERY)

    async def watch_view(self, connection: asyncpg.Connection) -> None:
        """See the view's cursor move."""
        while True:
            number = await connection.fetchval(_CURSOR) or 0
            now = perf_counter()
            self.looks["view"].append(now)
            if number > self._view[-1][0]:
                self._view.append((number, now))
            await asyncio.sleep(EVERY)

    async def watch_kafka(self, consumer: AIOKafkaConsumer) -> None:
        """See the events come."""
        async for record in consumer:
            now = perf_counter()
            command = orjson.loads(record.value).get("command_id")
            if command is not None:
                self.kafka[command] = now
                self._counts["kafka"] += 1


@asynccontextmanager
async def observed(place: Stage) -> AsyncIterator[Observers]:
    """Observers at work until the block ends."""
    observers = Observers()
    log, view = [await asyncpg.connect(place.database) for _ in range(2)]
    topic = place.kafka.topic(topics.EVENTS)
    consumer = AIOKafkaConsumer(topic, **place.kafka.options, auto_offset_reset="earliest")
    await consumer.start()
    tasks = [
        asyncio.create_task(observers.watch_log(log)),
        asyncio.create_task(observers.watch_view(view)),
        asyncio.create_task(observers.watch_kafka(consumer)),
    ]
    try:
        yield observers
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await consumer.stop()
        await log.close()
        await view.close()
