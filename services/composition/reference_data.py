"""Takes in the catalog and the directory."""

import asyncio

from services.composition.ground import ground
from services.composition.inboxes import inbox_of
from services.reference_data.catalog import Catalog
from services.reference_data.consumer import ReferenceData
from services.reference_data.people import People
from services.runtime.clock import now
from services.runtime.readiness import Ready, nobody_waits
from services.runtime.settings import Settings
from services.store.ownership import Ownership


async def run(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Run it until ``stop`` is set."""
    async with ground(settings, "reference-data") as (log, outbox, cluster):
        ownership = Ownership(log.pool)
        consumer = ReferenceData(
            Catalog(log, now),
            People(log.pool, ownership),
            outbox,
            cluster,
            settings.patience_seconds,
        )
        inbox = inbox_of(settings, cluster, "reference-data", consumer.handle, ownership=ownership)
        await inbox.run(stop, ready)
