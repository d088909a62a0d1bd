"""Sends events, latest progress, webhooks, Zaps and notices; asks for new evaluations."""

import asyncio

from services.composition.ground import ground
from services.publisher.feed import Feed
from services.publisher.publishing import Publishing
from services.publisher.registry import FEEDS, begin_outward
from services.runtime.bus.outbox import Outbox
from services.runtime.readiness import Ready, all_of, nobody_waits
from services.runtime.settings import Settings


async def run(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Run it until ``stop`` is set."""
    async with ground(settings, "publisher") as (log, _, cluster):
        await begin_outward(log)
        feeds = [spec.build(log) for spec in FEEDS]
        readies = all_of(ready, len(feeds))

        async def publish(feed: Feed, looked: Ready) -> None:
            async with Outbox(cluster) as outbox:
                limit, patience = settings.publish_batch, settings.patience_seconds
                await Publishing(log, feed, outbox, limit, patience).run(stop, looked)

        async with asyncio.TaskGroup() as group:
            for feed, looked in zip(feeds, readies, strict=True):
                group.create_task(publish(feed, looked), name=feed.name)
