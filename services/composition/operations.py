"""Carries out operations."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from services.commands.handler import CommandHandler
from services.commands.states import States
from services.composition.ground import ground
from services.imports.kept.checking import Checking
from services.imports.kept.preparing import Preparing
from services.imports.kept.sending import Sending
from services.imports.kept.sweeping import Sweeping as Files
from services.operations.reports import Reports
from services.operations.running import Operations
from services.operations.sweeping import Sweeping
from services.runtime.addresses import find_database
from services.runtime.clock import now
from services.runtime.readiness import Ready, nobody_waits
from services.runtime.settings import Settings
from services.runtime.together import together
from services.store.directory import Directory
from services.store.pool import open_pool

STATES = 20_000
"""Streams and activities kept: an operation seldom comes to the same learner again."""
FOR_IMPORTS = 3
"""Connections besides: whoever prepares a file holds one for as long, and a thread has its own."""


async def run(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Run it until ``stop`` is set."""

    @asynccontextmanager
    async def few() -> AsyncIterator[asyncpg.Pool]:
        url, name = find_database(settings), "coursemark operations (imports)"
        pool = await open_pool(url, application_name=name, max_size=FOR_IMPORTS)
        try:
            yield pool
        finally:
            await pool.close()

    async with ground(settings, "operations") as (log, outbox, _), few() as own:
        handler = CommandHandler(log, Directory(log.pool), now, States(STATES))
        reports = Reports(log.pool, outbox)
        patience = settings.patience_seconds
        operations = Operations(log, handler, reports, now, patience)
        sweeping = Sweeping(log.pool, outbox.send, now, patience)
        checking, sending = Checking(own, few, now), Sending(own, outbox.send)
        preparing = Preparing(own, checking, sending, now, patience)
        files = Files(own, now, patience)
        await together(
            stop,
            sweeping.run,
            preparing.run,
            files.run,
            lambda ending: operations.run(ending, ready),
        )
