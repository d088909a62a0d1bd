"""Tells the administrators of endpoints that Coursemark has disabled by itself."""

from collections.abc import Awaitable, Callable
from uuid import NAMESPACE_URL, uuid5

import asyncpg

from contracts import registry, topics
from contracts.envelope import Envelope, timestamp, write
from contracts.notifications import EndpointDisabled
from services.runtime.bus.outbox import Message
from services.webhooks.sql import query

SOURCE = "/coursemark/webhook-dispatcher"


async def send_notices(pool: asyncpg.Pool, send: Callable[[list[Message]], Awaitable[None]]) -> int:
    """Send what is due, at least once under one id, and note that it is sent; returns how many.

    Raises:
        OutboxError: Kafka did not take them; they stay due.
    """
    due = [EndpointDisabled(**row) for row in await pool.fetch(query("notices_due"))]
    if due:
        await send([_message(it) for it in due])
        await pool.executemany(query("notice_sent"), [(it.endpoint, it.disabled_at) for it in due])
    return len(due)


def _message(it: EndpointDisabled) -> Message:
    data = it.to_json()
    envelope = Envelope(
        id=notice_id(it),
        type=registry.name_of(it),
        source=SOURCE,
        data=data,
        subject=it.endpoint,
        time=timestamp(it.disabled_at),
        attributes={"partitionkey": it.school},
    )
    return Message(topics.NOTIFICATIONS, it.school.encode(), data, write(envelope))


def notice_id(it: EndpointDisabled) -> str:
    """One for each time that an endpoint is disabled."""
    name = f"coursemark:{it.school}/{it.endpoint}:disabled:{it.disabled_at.isoformat()}"
    return f"msg_{uuid5(NAMESPACE_URL, name).hex}"
