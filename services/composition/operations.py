"""Carries out operations."""

import asyncio

from services.commands.handler import CommandHandler
from services.commands.states import States
from services.composition.ground import ground
from services.operations.reports import Reports
from services.operations.running import Operations
from services.operations.sweeping import Sweeping
from services.runtime.clock import now
from services.runtime.readiness import Ready, nobody_waits
from services.runtime.settings import Settings
from services.runtime.together import together
from services.store.directory import Directory

STATES = 20_000
"""Streams and activities kept: an operation seldom comes to the same learner again."""


async def run(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Run it until ``stop`` is set."""
    async with ground(settings, "operations") as (log, outbox, _):
        handler = CommandHandler(log, Directory(log.pool), now, States(STATES))
        reports = Reports(log.pool, outbox)
        patience = settings.patience_seconds
        operations = Operations(log, handler, reports, now, patience)
        sweeping = Sweeping(log.pool, outbox.send, now, patience)
        await together(stop, sweeping.run, lambda ending: operations.run(ending, ready))
