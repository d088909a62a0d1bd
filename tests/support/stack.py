"""Coursemark's parts inside a test, on a real PostgreSQL and a real broker."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from contracts import registry, topics
from contracts.catalog import LearningProgram
from contracts.directory import School
from contracts.envelope import Envelope, write
from services.composition import RUNS
from services.runtime.bus.client import connection
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.bus.provision import create_topics
from services.runtime.settings import Settings
from tests.support.kafka import consumer, take

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from contracts.catalog import CourseStructure
    from contracts.commands import Command
    from contracts.directory import User

PARTITIONS = 4


def settings(kafka: str, database: str, prefix: str, **more: Any) -> Settings:
    """The settings of a test's parts."""
    defaults: dict[str, Any] = {
        "kafka": kafka,
        "database": database,
        "topic_prefix": prefix,
        "partitions": PARTITIONS,
        "kafka_idempotence": "off",  # the embedded broker has none
        "kafka_session_seconds": 6,
        "patience_seconds": 20,
        "mail_folder": Path("build") / "mail",
    }
    return Settings(_env_file=None, **(defaults | more))


@asynccontextmanager
async def parts(settings: Settings, *names: str) -> AsyncIterator[None]:
    """These parts (all where none is named), stopped in good order afterwards."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for name in names or RUNS:
            group.create_task(RUNS[name](settings, stop), name=name)
        try:
            yield
        finally:
            stop.set()


def message(command: Command, command_id: str | None = None) -> Message:
    """A command as a producer sends it."""
    body = command.to_json()
    envelope = Envelope(command_id or str(uuid4()), registry.name_of(command), "/tests", body)
    key = topics.learner_key(command.school, command.learner)
    return Message(topics.COMMANDS, key.encode(), body, write(envelope))


def reference(entry: CourseStructure | LearningProgram | School | User) -> Message:
    """A record of the catalog or the directory as its owner sends it."""
    match entry:
        case School():
            topic, key = topics.DIRECTORY, entry.school
        case LearningProgram():
            topic, key = topics.CATALOG, topics.program_stream(entry.school, entry.program)
        case _ if hasattr(entry, "user"):
            topic, key = topics.DIRECTORY, f"{entry.school}/{entry.user}"
        case _:
            topic, key = topics.CATALOG, f"{entry.school}/{entry.course}"
    body = entry.to_json()
    envelope = Envelope(str(uuid4()), registry.name_of(entry), "/tests", body)
    return Message(topic, key.encode(), body, write(envelope))


async def send(settings: Settings, messages: Iterable[Message]) -> None:
    """Send messages, all acknowledged when it returns."""
    cluster = connection(settings, settings.kafka)
    await create_topics(cluster, settings.partitions, settings.replication)
    async with Outbox(cluster) as outbox:
        await outbox.send(messages)


async def results(settings: Settings, count: int, *, within: float = 60) -> list[Mapping[str, Any]]:
    """The bodies of the first ``count`` results or more, in the order they came."""
    return [json.loads(r.value or b"") for r in await read(settings, topics.RESULTS, count, within)]


async def read(settings: Settings, topic: str, count: int, within: float = 60) -> list[Any]:
    """The first ``count`` records of a topic or more."""
    name = f"{settings.topic_prefix}{topic}"
    async with consumer(settings.kafka, name) as client:
        return await take(client, count, within=within)
