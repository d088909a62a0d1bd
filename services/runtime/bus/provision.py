"""Topics are created before anybody names them, with the settings of the topology."""

import asyncio
from collections.abc import Collection

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError, TopicAlreadyExistsError, for_code

from services.runtime.bus.client import Connection
from services.runtime.embedded.waiting import until
from services.runtime.topology import TOPICS, TopicSpec

VISIBLE_SECONDS = 60
TRIES = 8
FIRST_PAUSE = 0.1
"""Seconds before the second try; each further pause is twice as long, 13 s in all."""


class TopicError(Exception):
    """``kafka_unreachable`` or ``topic_not_created``: the text says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


async def create_topics(
    connection: Connection,
    partitions: int,
    replication: int,
    *,
    tries: int = 1,
    wanted: Collection[TopicSpec] = tuple(TOPICS.values()),
) -> list[str]:
    """Create what is missing of the wanted and wait until it can be used; returns what was created.

    Raises:
        TopicError: no broker answered within the tries, or one refused.
    """
    pause = FIRST_PAUSE
    for _ in range(tries - 1):
        try:
            return await _create_missing(connection, partitions, replication, wanted)
        except TopicError as error:
            if error.code != "kafka_unreachable":
                raise
        await asyncio.sleep(pause)
        pause *= 2
    return await _create_missing(connection, partitions, replication, wanted)


async def _create_missing(
    connection: Connection, partitions: int, replication: int, wanted: Collection[TopicSpec]
) -> list[str]:
    admin = AIOKafkaAdminClient(**connection.options)
    try:
        await admin.start()
    except KafkaConnectionError as error:
        await admin.close()
        raise TopicError(
            "kafka_unreachable",
            f"No Kafka broker answers at {connection.bootstrap}; "
            "check that it runs and that COURSEMARK_KAFKA points to it.",
        ) from error
    try:
        there = set(await admin.list_topics())
        missing = [spec for spec in wanted if connection.topic(spec.name) not in there]
        if missing:
            await _create(admin, connection, missing, partitions, replication)
        return [spec.name for spec in missing]
    finally:
        await admin.close()


async def _create(
    admin: AIOKafkaAdminClient,
    connection: Connection,
    missing: list[TopicSpec],
    partitions: int,
    replication: int,
) -> None:
    names = [connection.topic(spec.name) for spec in missing]
    wanted = [
        NewTopic(name, min(spec.partitions, partitions), replication, topic_configs=spec.config())
        for name, spec in zip(names, missing, strict=True)
    ]
    answer = await admin.create_topics(wanted)
    for name, code, *_ in answer.topic_errors:
        if code and for_code(code) is not TopicAlreadyExistsError:
            raise TopicError(
                "topic_not_created",
                f"Kafka did not create the topic {name}: {for_code(code).__name__}; "
                "create it by hand, or give this user the right to.",
            )

    async def usable() -> bool:
        found = await admin.describe_topics(names)
        return all(
            topic["error_code"] == 0
            and topic["partitions"]
            and all(part["leader"] >= 0 for part in topic["partitions"])
            for topic in found
        )

    if not await until(usable, within=VISIBLE_SECONDS):
        raise TopicError("topic_not_created", "Kafka created the topics but gave no leaders.")
