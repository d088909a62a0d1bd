"""Parts that stand while a module's tests send them things, and all that they send out."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from aiokafka.errors import GroupCoordinatorNotAvailableError

from contracts import registry, topics
from contracts.commands import EvaluateCourse
from services.runtime.bus.client import connection
from services.runtime.bus.letters import MARK
from services.runtime.bus.offsets import GroupOffsets
from services.runtime.bus.provision import create_topics
from services.runtime.embedded.waiting import until
from services.runtime.topology import PARTS
from services.store.log import EventLog
from services.store.pool import open_pool
from tests.support.kafka import alter, consumer, producer
from tests.support.stack import parts, reference, send

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord

    from contracts.catalog import CourseStructure
    from contracts.directory import School, User
    from services.runtime.bus.outbox import Message
    from services.runtime.settings import Settings

_BATCH = 32 * 1024 * 1024
_OURS = registry.name_of(EvaluateCourse)

Origin = tuple[str, int, int]
"""Topic without its prefix, partition, offset."""


class Outcome(NamedTuple):
    """What became of a message: a result, or a dead letter with its marks."""

    record: ConsumerRecord
    body: Mapping[str, Any]
    """A result's body; empty in a dead letter."""
    marks: Mapping[str, str]
    """A dead letter's marks; empty in a result."""

    @property
    def code(self) -> str:
        return str(self.marks.get("error_code") or self.body.get("code", self.body.get("outcome")))

    @property
    def says(self) -> str:
        return str(self.marks.get("error") or self.body.get("message", ""))

    @property
    def origin(self) -> Origin:
        return self.marks["topic"], int(self.marks["partition"]), int(self.marks["offset"])


class Standing:
    """Sends what a test gives it and waits until something has become of each message."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sent = self._seen = 0
        self.outcomes: list[Outcome] = []
        self.stop = asyncio.Event()
        self.ready = asyncio.Event()
        self.running = asyncio.create_task(self._run())

    async def settle(self, *messages: Message) -> list[Outcome]:
        """What became of messages that were sent as one batch, in the order it came."""
        await self.send(messages)
        return await self.come(len(messages))

    async def send(
        self,
        messages: Sequence[Message],
        *,
        by: AIOKafkaProducer | None = None,
        change: Callable[[bytearray], None] | None = None,
    ) -> list[Origin]:
        """Put messages of one topic on one partition, as one batch, whatever their keys say.

        ``change`` alters the batch's bytes before they go out.
        """
        topic, partition = messages[0].topic, 0
        client = by or self._producer
        batch = client.create_batch()
        for _, key, value, headers in messages:
            taken = batch.append(timestamp=None, key=key, value=value, headers=list(headers))
            assert taken is not None, "the messages are no single batch"
        if change is not None:
            alter(batch, change)
        name = f"{self.settings.topic_prefix}{topic}"
        placed = await (await client.send_batch(batch, name, partition=partition))
        self.sent += len(messages)
        return [(topic, partition, placed.offset + nth) for nth in range(len(messages))]

    async def publish(self, *entries: CourseStructure | School | User) -> None:
        """Put courses, schools and users on their topics, and wait until they are known."""
        await send(self.settings, map(reference, entries))
        chosen, part = self.settings, PARTS["reference-data"]
        cluster = connection(chosen, chosen.kafka)
        async with GroupOffsets(cluster, str(part.group), part.consumes) as offsets:

            async def known() -> bool:
                try:
                    return not any((await offsets.lag()).values())
                except GroupCoordinatorNotAvailableError:  # of a broker that has had no group yet
                    return False

            assert await until(known, within=30)

    async def come(self, count: int) -> list[Outcome]:
        """The next outcomes, so many; fails at once where a part has stopped."""
        start, self._seen = self._seen, self._seen + count

        async def there() -> bool:
            if self.running.done():
                self.running.result()
            return len(self.outcomes) >= self._seen

        assert await until(there, within=30), f"{self.outcomes[start:]} came of {count}"
        return self.outcomes[start : self._seen]

    async def log(self, stream: str) -> list[dict[str, Any]]:
        """The events of a stream, as the log holds them."""
        pool = await open_pool(self.settings.database.get_secret_value())
        try:
            found = await EventLog(pool).load({stream: 0})
        finally:
            await pool.close()
        return [json.loads(event.state) for event in found[stream]]

    async def _run(self) -> None:
        prefix, chosen = self.settings.topic_prefix, self.settings
        cluster = connection(chosen, chosen.kafka)
        await create_topics(cluster, chosen.partitions, chosen.replication)
        out = [topics.RESULTS, *map(topics.dead, topics.CONSUMED)]
        names = [f"{prefix}{topic}" for topic in out]
        async with (
            producer(chosen.kafka, max_batch_size=_BATCH) as self._producer,
            consumer(chosen.kafka, *names) as client,
            parts(chosen),
        ):
            self.ready.set()
            collecting = asyncio.create_task(self._collect(client))
            try:
                await self.stop.wait()
            finally:
                collecting.cancel()

    async def _collect(self, client: AIOKafkaConsumer) -> None:
        while True:
            for batch in (await client.getmany(timeout_ms=20)).values():
                self.outcomes += filter(_is_asked_for, map(_outcome, batch))


def _outcome(record: ConsumerRecord) -> Outcome:
    if record.topic.endswith(".dead.v1"):
        marks = {
            name.removeprefix(MARK): raw.decode()
            for name, raw in record.headers
            if name.startswith(MARK)
        }
        return Outcome(record, {}, marks)
    return Outcome(record, json.loads(record.value), {})


def _is_asked_for(outcome: Outcome) -> bool:
    """False of the results of what Coursemark asks itself for, whenever a structure comes."""
    return outcome.body.get("command_type") != _OURS


@asynccontextmanager
async def standing(settings: Settings) -> AsyncIterator[Standing]:
    """All parts, stopped in good order afterwards; every message has had one outcome then."""
    it = Standing(settings)
    started = asyncio.create_task(it.ready.wait())
    await asyncio.wait([started, it.running], return_when=asyncio.FIRST_COMPLETED)
    try:
        yield it
    finally:
        started.cancel()
        it.stop.set()
        await it.running
    assert len(it.outcomes) == it.sent
