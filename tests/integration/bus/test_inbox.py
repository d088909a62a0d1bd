"""An inbox commits what was handled and nothing else, however it ends (nothing lost)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from contracts import topics
from services.runtime.bus.client import Connection
from services.runtime.bus.inbox import Handler, Inbox
from services.runtime.bus.offsets import GroupOffsets
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.bus.provision import create_topics
from services.runtime.embedded.waiting import until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.runtime.bus.record import Record

TOPIC, GROUP = topics.COMMANDS, "inbox"
MESSAGES = [Message(TOPIC, b"riverside/u-1", b"%d" % number, []) for number in range(3)]


async def provided(bootstrap: str, prefix: str) -> Connection:
    connection = Connection(bootstrap, prefix, idempotent=False, session_seconds=6)
    await create_topics(connection, partitions=2, replication=1)
    return connection


async def send(connection: Connection) -> None:
    async with Outbox(connection) as outbox:
        await outbox.send(MESSAGES)


def inbox(connection: Connection, handle: Handler, silence_seconds: float = 30) -> Inbox:
    return Inbox(
        connection,
        group=GROUP,
        topics=[TOPIC],
        handle=handle,
        max_records=100,
        silence_seconds=silence_seconds,
    )


async def waiting(connection: Connection) -> int:
    """Records that the group has not committed."""
    async with GroupOffsets(connection, GROUP, [TOPIC]) as offsets:
        return (await offsets.lag()).total()


async def test_a_part_that_is_stopped_finishes_and_commits_the_batch_it_handles(
    kafka: str, topic_prefix: str
) -> None:
    connection = await provided(kafka, topic_prefix)
    stop, begun, go_on, handled = asyncio.Event(), asyncio.Event(), asyncio.Event(), []

    async def handle(records: Sequence[Record]) -> None:
        begun.set()
        await go_on.wait()
        handled.extend(record.value for record in records)

    await send(connection)
    running = asyncio.create_task(inbox(connection, handle, silence_seconds=0.1).run(stop))
    await begun.wait()
    await asyncio.sleep(1)  # ten times the silence: a long batch is none
    assert not running.done()
    stop.set()
    go_on.set()
    await running
    assert handled == [message.value for message in MESSAGES]
    assert await waiting(connection) == 0


async def test_a_batch_that_failed_is_not_committed_and_comes_again(
    embedded_kafka: str, topic_prefix: str
) -> None:
    connection = await provided(embedded_kafka, topic_prefix)
    stop, handled = asyncio.Event(), []

    async def fail(records: Sequence[Record]) -> None:
        raise LookupError(len(records))

    async def handle(records: Sequence[Record]) -> None:
        handled.extend(record.value for record in records)

    async def all_handled() -> bool:
        return len(handled) == len(MESSAGES)

    await send(connection)
    with pytest.raises(LookupError):
        await inbox(connection, fail).run(stop)
    assert await waiting(connection) == len(MESSAGES)
    running = asyncio.create_task(inbox(connection, handle).run(stop))
    assert await until(all_handled, within=60)
    stop.set()
    await running
    assert await waiting(connection) == 0


# aiokafka's client closes the connections that it has, and not one that it is just opening.
@pytest.mark.filterwarnings("ignore:Unclosed AIOKafkaConnection:ResourceWarning")
async def test_a_part_can_be_stopped_while_it_waits_to_join_its_group(
    embedded_kafka: str, topic_prefix: str
) -> None:
    """Told to stop before it has begun, it ends; it is not killed as one that hangs."""
    connection = await provided(embedded_kafka, topic_prefix)
    stop = asyncio.Event()

    async def handle(records: Sequence[Record]) -> None:
        raise AssertionError(records)

    joining = inbox(connection, handle)

    async def begun() -> bool:
        return joining._subscriber.consumer is not None

    running = asyncio.create_task(joining.run(stop))
    assert await until(begun, within=30)
    assert not joining._subscriber.consumer.assignment()
    stop.set()
    async with asyncio.timeout(60):
        await running
