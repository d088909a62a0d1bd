"""PostgreSQL and Kafka for a run, and a stage for each round: a database and topics of its own."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient

from benchmarks import school
from contracts import topics
from services.runtime.bus.client import Connection
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.bus.provision import create_topics
from services.runtime.embedded import ApacheKafka, EmbeddedBroker, EmbeddedPostgres, KafkaServer
from services.runtime.topology import TOPICS

OURS, PEER = "school", "textbook"
"""Databases that rounds are copied from; `templates.py` makes them."""
_CHUNK = 5_000
_numbers = count(1)


class Servers(NamedTuple):
    """What all rounds share; ``partitions`` is for the topics of each of them."""

    postgres: EmbeddedPostgres
    kafka: KafkaServer
    folder: Path
    partitions: int


class Stage(NamedTuple):
    """Where one round plays; ``folder`` takes the logs of its processes."""

    database: str
    kafka: Connection
    folder: Path
    partitions: int


@asynccontextmanager
async def started(broker: str, partitions: int) -> AsyncIterator[Servers]:
    """Both servers, with their data in a folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="coursemark-bench-"))
    kafka = ApacheKafka if broker == "apache" else EmbeddedBroker
    try:
        async with (
            EmbeddedPostgres(folder / "postgres") as postgres,
            kafka(folder / "kafka") as bus,
        ):
            yield Servers(postgres, bus, folder, partitions)
    finally:
        shutil.rmtree(folder)


def cluster(servers: Servers, prefix: str) -> Connection:
    """Kafka, with a prefix before every topic and group."""
    idempotent = isinstance(servers.kafka, ApacheKafka)
    return Connection(servers.kafka.bootstrap, prefix=prefix, idempotent=idempotent)


@asynccontextmanager
async def stage(servers: Servers, template: str) -> AsyncIterator[Stage]:
    """A database, and the topics of Coursemark under a prefix, all gone afterwards."""
    prefix = f"round{next(_numbers)}."
    folder = servers.folder / prefix
    folder.mkdir()
    kafka = cluster(servers, prefix)
    async with database(servers, template) as url:
        await create_topics(kafka, servers.partitions, 1)
        try:
            yield Stage(url, kafka, folder, servers.partitions)
        finally:
            await _delete_topics(kafka)


@asynccontextmanager
async def database(servers: Servers, template: str) -> AsyncIterator[str]:
    """The URL of a copy of the template, gone afterwards.

    A checkpoint first: no round pays for what the one before it left to be written.
    """
    name = f"database_{next(_numbers)}"
    await _execute(servers, "CHECKPOINT", f'CREATE DATABASE {name} TEMPLATE "{template}"')
    try:
        yield servers.postgres.url_of(name)
    finally:
        await _execute(servers, f"DROP DATABASE {name} WITH (FORCE)")


async def send(kafka: Connection, records: Sequence[school.Record]) -> None:
    """Put the commands on their topic; all are acknowledged when it returns."""
    async with Outbox(kafka) as outbox:
        for first in range(0, len(records), _CHUNK):
            chunk = records[first : first + _CHUNK]
            await outbox.send(Message(topics.COMMANDS, *record[:3]) for record in chunk)


async def _execute(servers: Servers, *statements: str) -> None:
    connection = await asyncpg.connect(servers.postgres.url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _delete_topics(kafka: Connection) -> None:
    admin = AIOKafkaAdminClient(**kafka.options)
    await admin.start()
    try:
        await admin.delete_topics([kafka.topic(name) for name in TOPICS])
    finally:
        await admin.close()
