"""An outbox sends again, in order, whatever became of the producer under it (nothing lost)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts import topics
from services.runtime.bus.client import Connection
from services.runtime.bus.outbox import Message, Outbox, OutboxError, TooLargeError
from services.runtime.bus.provision import create_topics
from services.runtime.embedded import ApacheKafka
from tests.support.kafka import whole
from tests.support.servers import server_folder, why_no_apache

if TYPE_CHECKING:
    from collections.abc import Sequence

TOPIC = topics.COMMANDS


def message(text: str, learner: str = "u-1") -> Message:
    return Message(TOPIC, f"riverside/{learner}".encode(), text.encode(), [])


FIRST, SECOND = message("1"), message("2")
OVERSIZE = message("x" * 2 * 1024 * 1024)


async def provided(bootstrap: str, prefix: str = "") -> Connection:
    connection = Connection(bootstrap, prefix)
    await create_topics(connection, partitions=2, replication=1)
    return connection


async def everything(connection: Connection) -> Sequence[str]:
    records = await whole(connection.bootstrap, connection.topic(TOPIC))
    return [(record.value or b"").decode() for record in records]


@pytest.mark.apache
async def test_after_a_refused_message_its_partition_takes_the_next_ones(
    apache_kafka: str, topic_prefix: str
) -> None:
    """Kafka misses the refused batch's sequence numbers: a new producer has to count anew."""
    connection = await provided(apache_kafka, topic_prefix)
    async with Outbox(connection) as outbox:
        await outbox.send([FIRST])
        with pytest.raises(TooLargeError):
            await outbox.send([OVERSIZE])
        await outbox.send([SECOND])
    assert await everything(connection) == ["1", "2"]


@pytest.mark.apache
async def test_a_broker_that_stays_away_is_an_error_and_what_it_missed_comes_once_it_is_back() -> (
    None
):
    """The idempotent producer alone would wait without end."""
    reason = why_no_apache()
    if reason is not None:
        pytest.skip(reason)
    with server_folder() as folder:
        async with ApacheKafka(folder) as broker:
            connection = await provided(broker.bootstrap)
            async with Outbox(connection, answer_seconds=3) as outbox:
                await outbox.send([FIRST])
                await broker.kill()
                for _ in range(2):  # the producer that had it, and a new one that finds nobody
                    with pytest.raises(OutboxError):
                        await outbox.send([SECOND, message("2", "u-2")])
                await broker.start()
                await outbox.send([SECOND, message("3")])
            assert await everything(connection) == ["1", "2", "3"]


async def test_a_tombstone_whose_headers_are_a_tuple_is_taken(
    embedded_kafka: str, topic_prefix: str
) -> None:
    """Headers are any sequence; the client's compiled code takes a list alone."""
    connection = Connection(embedded_kafka, topic_prefix, idempotent=False)
    await create_topics(connection, partitions=2, replication=1)
    async with Outbox(connection) as outbox:
        await outbox.send([Message(TOPIC, b"riverside/u-1", None, ())])
    [record] = await whole(connection.bootstrap, connection.topic(TOPIC))
    assert (record.key, record.value) == (b"riverside/u-1", None)
