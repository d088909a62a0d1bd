"""A log and a cluster of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from services.runtime.bus.client import Connection
from services.runtime.bus.provision import create_topics
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest_asyncio.fixture
async def log(database_url: str) -> AsyncIterator[EventLog]:
    pool = await open_pool(database_url)
    try:
        await migrate(pool)
        yield EventLog(pool)
    finally:
        await pool.close()


@pytest_asyncio.fixture
async def cluster(embedded_kafka: str, topic_prefix: str) -> Connection:
    """On the embedded broker, with two partitions a topic."""
    cluster = Connection(embedded_kafka, topic_prefix, idempotent=False)
    await create_topics(cluster, partitions=2, replication=1)
    return cluster
