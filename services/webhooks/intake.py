"""Webhooks and Zaps in, deliveries out, dead letters for what is neither; offsets last."""

import logging
import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from contracts import registry, topics
from contracts.webhooks import Webhook, Zap
from services.effects.filters import about
from services.effects.wishes import wishes
from services.runtime.bus.client import Connection
from services.runtime.bus.intake import check_key, receive
from services.runtime.bus.letters import Problem
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.record import Record
from services.runtime.bus.taking import Taking
from services.runtime.bus.undeliverable import DeadRecord
from services.webhooks.endpoints import Kind
from services.webhooks.sql import query

WHAT = "the webhook dispatcher's intake"
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
"""It stands in a header, and before a dot in what is signed."""

log = logging.getLogger(__name__)


class Message(NamedTuple):
    """What came, and for whom."""

    school: str
    kind: Kind
    id: str
    learner: str
    it: Webhook | Zap


class Intake:
    """Handles batches of records; ``wake`` is told of the endpoints that have something new."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        outbox: Outbox,
        connection: Connection,
        *,
        patience_seconds: float,
        clock: Callable[[], datetime],
        wake: Callable[[Collection[str]], None],
    ) -> None:
        self._pool = pool
        self._connection = connection
        self._taking = Taking(outbox, connection, patience_seconds, WHAT)
        self._clock = clock
        self._wake = wake

    async def handle(self, records: Sequence[Record]) -> None:
        """Handle a batch; when it returns, all that it led to is durable and acknowledged.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away; nothing is to be committed.
        """
        await self._taking.take((records, self._take))

    async def _take(self, records: Sequence[Record]) -> list[DeadRecord]:
        """Queue a batch; returns the records that are no messages."""
        messages: list[Message] = []
        dead: list[DeadRecord] = []
        zaps = self._connection.topic(topics.ZAPIER)
        for record in records:
            read = _read_zap(record) if record.topic == zaps else _read_webhook(record)
            if isinstance(read, Problem):
                dead.append((record, read))
            else:
                messages.append(read)
        if messages:
            await self._queue(messages)
        return dead

    async def _queue(self, messages: Sequence[Message]) -> None:
        wished = await wishes(self._pool, {it.school for it in messages})
        wanted: list[Message] = []
        pairs: list[tuple[str, Kind, str]] = []
        for message in messages:
            asked = about(message.it)
            for_it = [
                (wish.endpoint, message.kind, message.id)
                for wish in wished.get((message.school, message.kind), ())
                if wish.filter.wants(asked)
            ]
            if for_it:
                wanted.append(message)
                pairs += for_it
        if not pairs:
            return
        now = self._clock()
        columns = [
            [it.school for it in wanted],
            [it.kind for it in wanted],
            [it.id for it in wanted],
            [it.learner for it in wanted],
            [it.it.trigger for it in wanted],
            [it.it.to_json() for it in wanted],
            [it.it.batch_id for it in wanted],
        ]
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(query("messages_put"), *columns, now)
            await connection.execute(
                query("deliveries_put"), *map(list, zip(*pairs, strict=True)), now
            )
        self._wake({endpoint for endpoint, _, _ in pairs})


def _read_webhook(record: Record) -> Message | Problem:
    it = receive(record, registry.WEBHOOKS, topics.WEBHOOKS)
    if isinstance(it, Problem):
        return it
    return _message(record, Message(it.school_id, "webhook", it.id, it.data.user.id, it))


def _read_zap(record: Record) -> Message | Problem:
    it = receive(record, registry.ZAPIER, topics.ZAPIER)
    if isinstance(it, Problem):
        return it
    return _message(record, Message(it.school_id, "zapier", it.id, it.user_id, it))


def _message(record: Record, message: Message) -> Message | Problem:
    if not _ID.fullmatch(message.id):
        return Problem(
            "invalid_message",
            "id: it stands in a header of the request; send 1 to 128 letters, digits, _ and -.",
        )
    return check_key(record, topics.learner_key(message.school, message.learner)) or message
