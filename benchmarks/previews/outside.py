"""What leaves Coursemark: messages on Kafka, requests to endpoints, files of e-mails."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from aiohttp import web
from aiokafka import AIOKafkaConsumer

from contracts import topics
from services.runtime.bus.client import Connection
from services.runtime.bus.offsets import go_to_end, reader

POLL_MS = 50
FANNED_OUT = (topics.WEBHOOKS, topics.ZAPIER, topics.NOTIFICATIONS)
HOST = "127.0.0.1"


class Told(NamedTuple):
    """A message that somebody got: on a topic, or at an endpoint's path."""

    where: str
    id: str
    batch: str | None
    learner: str
    event: str


class Outside:
    """All that was heard, each message once."""

    def __init__(self, mails: Path) -> None:
        self._mails = mails
        self._told: dict[tuple[str, str], Told] = {}
        self.port = 0

    def take(self, told: Told) -> None:
        """One more, or one again."""
        self._told[told.where, told.id] = told

    def of(self, where: str, batch: str) -> list[Told]:
        """What came there because of an operation."""
        return [it for it in self._told.values() if (it.where, it.batch) == (where, batch)]

    def about(self, where: str, events: set[str]) -> list[Told]:
        """What came there of these events."""
        return [it for it in self._told.values() if it.where == where and it.event in events]

    def letters(self) -> int:
        """E-mails that were written."""
        return sum(1 for _ in self._mails.glob("*.eml"))

    async def received(self, request: web.Request) -> web.Response:
        """A delivery: a webhook's body is nested, a Zap's is flat."""
        body = await request.json()
        learner = body["user_id"] if "user_id" in body else body["data"]["user"]["id"]
        batch = body.get("batch_id")
        self.take(Told(request.path, body["id"], batch, learner, body["event_id"]))
        return web.Response(status=204)


@asynccontextmanager
async def listening(outside: Outside) -> AsyncIterator[None]:
    """Endpoints answer under ``outside.port``."""
    app = web.Application()
    app.router.add_post("/{path}", outside.received)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, 0)
        await site.start()
        outside.port = runner.addresses[0][1]
        yield
    finally:
        await runner.cleanup()


async def read_topics(cluster: Connection, outside: Outside) -> None:
    """Everything that the outward topics hold now."""
    consumer = reader(cluster, FANNED_OUT)
    await consumer.start()
    try:
        ends = await go_to_end(consumer)
        await consumer.seek_to_beginning()
        while [at for at, end in ends.items() if await consumer.position(at) < end]:
            await _read(consumer, cluster.prefix, outside)
    finally:
        await consumer.stop()


async def _read(consumer: AIOKafkaConsumer, prefix: str, outside: Outside) -> None:
    for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
        for record in records:
            body = json.loads(record.value)
            headers = {name: value.decode() for name, value in record.headers}
            topic = record.topic.removeprefix(prefix)
            learner = record.key.decode().partition("/")[2]
            id_, event = headers["ce_id"], headers["ce_subject"]
            outside.take(Told(topic, id_, body.get("batch_id"), learner, event))
    await asyncio.sleep(0)
