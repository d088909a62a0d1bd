"""An operation as it is reported on ``coursemark.operations.v1``, and the views behind it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import NamedTuple

import asyncpg
from aiokafka import AIOKafkaConsumer

from contracts import topics
from contracts.operations import FINAL, OperationReported
from projections.registry import PROJECTIONS
from services.runtime.bus.client import Connection
from services.runtime.bus.offsets import reader
from services.runtime.embedded.waiting import until
from services.store.cursors import Cursor
from services.store.log import EventLog

LONGEST = 1_800.0
"""Seconds; more than any step takes on a slow machine."""
POLL_MS = 100


class Seen(NamedTuple):
    """A report, and when it was received."""

    at: float
    report: OperationReported


class Reports:
    """All reports so far, by operation."""

    def __init__(self) -> None:
        self.seen: dict[str, list[Seen]] = {}

    def take(self, value: bytes) -> None:
        self.add(OperationReported.model_validate_json(value))

    def add(self, report: OperationReported) -> None:
        self.seen.setdefault(report.operation, []).append(Seen(perf_counter(), report))

    def ended(self, operation: str) -> OperationReported | None:
        last = self.seen.get(operation, [])[-1:]
        return last[0].report if last and last[0].report.state in FINAL else None


@asynccontextmanager
async def followed(cluster: Connection) -> AsyncIterator[Reports]:
    reports = Reports()
    consumer = reader(cluster, [topics.OPERATIONS])
    await consumer.start()
    task = asyncio.create_task(_follow(consumer, reports))
    try:
        yield reports
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await consumer.stop()


async def _follow(consumer: AIOKafkaConsumer, reports: Reports) -> None:
    while True:
        for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
            for record in records:
                reports.take(record.value)


async def wait_for(condition: Callable[[], bool], what: str) -> None:
    async def met() -> bool:
        return condition()

    if not await until(met, within=LONGEST):
        raise TimeoutError(f"{what}: not there after {LONGEST:.0f} s")


async def wait_for_views(pool: asyncpg.Pool, *names: str) -> None:
    """Until these views (none: all) have the last event."""
    head = await EventLog(pool).head()
    wanted = names or tuple(it.name for it in PROJECTIONS)

    async def there() -> bool:
        return all([await Cursor(pool, name).read() >= head for name in wanted])

    if not await until(there, within=LONGEST):
        raise TimeoutError(f"{', '.join(wanted)}: not there after {LONGEST:.0f} s")
