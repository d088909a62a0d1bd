"""PostgreSQL and Kafka, for the parts that speak with both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from services.composition.database import database
from services.runtime.addresses import find
from services.runtime.bus.client import Connection, connection
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.provision import TRIES, create_topics
from services.runtime.collecting import few_collections
from services.runtime.settings import Settings
from services.store.log import EventLog


class Ground(NamedTuple):
    """What a part stands on: the log with its schema, the cluster with its topics."""

    log: EventLog
    outbox: Outbox
    connection: Connection


@asynccontextmanager
async def ground(
    settings: Settings, name: str, *, stateless: bool = False
) -> AsyncIterator[Ground]:
    """Database and broker, ready for a part of that name; ``stateless``: see ``open_pool``."""
    cluster = connection(settings, find(settings).kafka)
    async with database(settings, name, stateless=stateless) as pool:
        await create_topics(cluster, settings.partitions, settings.replication, tries=TRIES)
        async with Outbox(cluster) as outbox:
            with few_collections():
                yield Ground(EventLog(pool), outbox, cluster)
