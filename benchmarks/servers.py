"""PostgreSQL and Kafka for a run, and a stage for each round: a database and topics of its own."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient

from benchmarks import school
from contracts import topics
from contracts.events import CourseStructurePublished
from services.runtime.bus.client import Connection
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.bus.provision import create_topics
from services.runtime.embedded import ApacheKafka, EmbeddedBroker, EmbeddedPostgres, KafkaServer
from services.runtime.topology import TOPICS
from services.store.directory import Directory
from services.store.log import EventLog
from services.store.mapper import encode
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.store.records import NewEvent

EMPTY, OURS = "template1", "school"
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
async def started(broker: str, learners: int, partitions: int) -> AsyncIterator[Servers]:
    """Both servers, and a template database with the school, its users and its courses."""
    folder = Path(tempfile.mkdtemp(prefix="coursemark-bench-"))
    kafka = ApacheKafka if broker == "apache" else EmbeddedBroker
    try:
        async with (
            EmbeddedPostgres(folder / "postgres") as postgres,
            kafka(folder / "kafka") as bus,
        ):
            servers = Servers(postgres, bus, folder, partitions)
            await _make_template(servers, learners)
            yield servers
    finally:
        shutil.rmtree(folder)


@asynccontextmanager
async def stage(servers: Servers, template: str) -> AsyncIterator[Stage]:
    """A database, and the topics of Coursemark under a prefix, all gone afterwards."""
    prefix = f"round{next(_numbers)}."
    folder = servers.folder / prefix
    folder.mkdir()
    idempotent = isinstance(servers.kafka, ApacheKafka)
    kafka = Connection(servers.kafka.bootstrap, prefix=prefix, idempotent=idempotent)
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


async def _make_template(servers: Servers, learners: int) -> None:
    await _execute(servers, f"CREATE DATABASE {OURS}")
    pool = await open_pool(servers.postgres.url_of(OURS))
    await migrate(pool)
    directory = Directory(pool)
    await directory.put_schools([school.school()])
    await directory.put_users(school.users(learners))
    await EventLog(pool).append(list(_published()))
    await pool.close()


def _published() -> Iterator[NewEvent]:
    for structure in school.structures():
        event = CourseStructurePublished(
            school=structure.school,
            course=structure.course,
            structure_version=structure.version,
            structure=structure,
            recorded_at=school.NOW,
        )
        yield encode(topics.course_stream(structure.school, structure.course), 1, event)


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
