"""How far operations have come, told on ``coursemark.operations.v1``: at least once, in order."""

import asyncpg

from contracts import registry, topics
from contracts.envelope import Envelope, timestamp, write
from contracts.operations import OperationReported
from services.operations import reading
from services.operations.sql import query
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.clock import now

SOURCE = "/coursemark/operations"
TYPE = registry.name_of(OperationReported)
LOCK = "operations are reported"
MANY = 200


class Reports:
    """Sends what has changed since it was last sent; one process at a time."""

    def __init__(self, pool: asyncpg.Pool, outbox: Outbox) -> None:
        self._pool = pool
        self._outbox = outbox

    async def send(self) -> None:
        """Send all that is due; returns when Kafka has acknowledged it, and that is on record."""
        async with self._pool.acquire() as connection:
            if not await connection.fetchval(query("try_lock"), LOCK):
                return  # another process is at it
            try:
                due = await reading.unreported(self._pool, MANY)
                if due:
                    await self._outbox.send(map(_message, due))
                    columns = zip(
                        *((it.school, it.operation, it.revision) for it in due), strict=True
                    )
                    await self._pool.execute(query("published"), *map(list, columns))
            finally:
                if not connection.is_closed():
                    await connection.execute(query("unlock"), LOCK)


def _message(report: OperationReported) -> Message:
    key = topics.operation_key(report.school, report.operation)
    envelope = Envelope(
        id=f"{key}@{report.revision}",
        type=TYPE,
        source=SOURCE,
        data=report.to_json(),
        subject=report.operation,
        time=timestamp(now()),
    )
    return Message(topics.OPERATIONS, key.encode(), envelope.data, write(envelope))
