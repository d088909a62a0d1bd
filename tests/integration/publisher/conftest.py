"""A cluster of the test's own."""

from __future__ import annotations

import pytest_asyncio

from services.runtime.bus.client import Connection
from services.runtime.bus.provision import create_topics


@pytest_asyncio.fixture
async def cluster(embedded_kafka: str, topic_prefix: str) -> Connection:
    """On the embedded broker, with two partitions a topic."""
    cluster = Connection(embedded_kafka, topic_prefix, idempotent=False)
    await create_topics(cluster, partitions=2, replication=1)
    return cluster
