"""Delivers webhooks and Zaps to the endpoints that ask for them."""

import asyncio

from services.composition.ground import ground
from services.composition.inboxes import inbox_of
from services.runtime.clock import now
from services.runtime.readiness import Ready, nobody_waits
from services.runtime.settings import Settings
from services.runtime.together import together
from services.webhooks.chores import Chores
from services.webhooks.dispatcher import Dispatcher
from services.webhooks.endpoints import Endpoints
from services.webhooks.intake import Intake
from services.webhooks.queue import Queue
from services.webhooks.requests import Requests

WEBHOOKS_FETCH = 64 * 1024
"""Bytes ahead of each partition: the dispatcher has two topics' worth of them in memory."""


async def run(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Run it until ``stop`` is set."""
    patience = settings.patience_seconds
    async with (
        ground(settings, "webhook-dispatcher") as (log, outbox, cluster),
        Requests() as requests,
    ):
        queue, endpoints = Queue(log.pool), Endpoints(log.pool)
        dispatcher = Dispatcher(
            *(queue, endpoints, requests),
            clock=now,
            patience_seconds=patience,
            lease_seconds=settings.webhook_lease_seconds,
        )
        chores = Chores(log.pool, outbox.send, clock=now, patience_seconds=patience)
        intake = Intake(
            *(log.pool, outbox, cluster),
            patience_seconds=patience,
            clock=now,
            wake=dispatcher.wake,
        )
        inbox = inbox_of(
            settings, cluster, "webhook-dispatcher", intake.handle, fetch_bytes=WEBHOOKS_FETCH
        )
        await together(stop, dispatcher.run, chores.run, lambda ending: inbox.run(ending, ready))
