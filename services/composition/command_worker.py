"""Carries out commands."""

import asyncio

from services.command_worker.worker import CommandWorker
from services.commands.by_log import ByLog
from services.commands.handler import CommandHandler
from services.composition.ground import ground
from services.composition.inboxes import inbox_of
from services.operations.desk import Desk
from services.runtime.clock import now
from services.runtime.readiness import Ready, nobody_waits
from services.runtime.settings import Settings
from services.store.directory import Directory
from services.store.placement import MAIN


async def run(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Run it until ``stop`` is set."""
    async with ground(settings, "command-worker") as (log, outbox, cluster):
        handler = ByLog({MAIN: CommandHandler(log, Directory(log.pool), now)})
        desk = Desk(log, now)
        worker = CommandWorker(handler, desk, outbox, cluster, settings.patience_seconds)
        await inbox_of(settings, cluster, "command-worker", worker.handle).run(stop, ready)
