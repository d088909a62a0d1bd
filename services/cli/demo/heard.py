"""Everything that Coursemark says on Kafka while the story is told."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import orjson
from aiokafka import AIOKafkaConsumer

from contracts import topics
from contracts.envelope import read
from contracts.operations import OperationReported
from services.runtime.bus.client import Connection
from services.runtime.bus.record import Record

POLL_MS = 50
DEAD = topics.dead(topics.COMMANDS)


class HeardEvent(NamedTuple):
    """An event; ``short`` is its type's name without prefix and version."""

    short: str
    data: Mapping[str, Any]
    record: Record


class Heard:
    """Results by command id, as often as they came; events by their stable id; dead letters."""

    def __init__(self) -> None:
        self.results: dict[str, list[Record]] = {}
        self.events: dict[str, HeardEvent] = {}
        self.letters: list[Record] = []
        self.reports: dict[str, list[OperationReported]] = {}
        """What operations reported of themselves, in order."""
        self.evaluations: list[Mapping[str, Any]] = []
        """Results of what Coursemark asked of itself after a new structure (B9)."""

    def answers(self, id_: str) -> Sequence[bytes]:
        """The bodies of the results of a command, in the order in which they came."""
        return [record.value or b"" for record in self.results.get(id_, ())]

    def take(self, topic: str, record: Record) -> None:
        """One more record."""
        if topic == DEAD:
            self.letters.append(record)
            return
        if topic == topics.OPERATIONS:
            report = OperationReported.model_validate_json(record.value or b"")
            self.reports.setdefault(report.operation, []).append(report)
            return
        envelope = read(record.value, record.headers)
        body: Mapping[str, Any] = orjson.loads(envelope.data)
        if topic == topics.EVENTS:
            self.events[envelope.id] = HeardEvent(envelope.type.split(".")[2], body, record)
            return
        self.results.setdefault(body["command_id"], []).append(record)
        if ".evaluate_course." in body.get("command_type", ""):
            self.evaluations.append(body)


@asynccontextmanager
async def hearing(connection: Connection) -> AsyncIterator[Heard]:
    """Hear all topics that Coursemark writes for others, from their first record on."""
    heard = Heard()
    heard_of = topics.RESULTS, topics.EVENTS, topics.OPERATIONS, DEAD
    names = {connection.topic(name): name for name in heard_of}
    consumer = AIOKafkaConsumer(
        *names, auto_offset_reset="earliest", enable_auto_commit=False, **connection.options
    )
    await consumer.start()
    try:
        async with asyncio.TaskGroup() as group:
            following = group.create_task(_follow(consumer, names, heard))
            try:
                yield heard
            finally:
                following.cancel()
    finally:
        await consumer.stop()


async def _follow(consumer: AIOKafkaConsumer, names: Mapping[str, str], heard: Heard) -> None:
    while True:
        for batch in (await consumer.getmany(timeout_ms=POLL_MS)).values():
            for record in batch:
                heard.take(names[record.topic], record)
