"""Begins the operations of schedules, and warns whose completions fall due."""

import asyncio

from services.composition.database import database
from services.runtime.clock import now
from services.runtime.readiness import Ready, nobody_waits
from services.runtime.settings import Settings
from services.scheduler.announcing import Announcing
from services.scheduler.running import run as take_turns
from services.scheduler.slots import Slots
from services.store.log import EventLog


async def run(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Run it until ``stop`` is set."""
    async with database(settings, "scheduler") as pool:
        log = EventLog(pool)
        turns = Slots(log, now).turn, Announcing(log, now).turn
        await take_turns(turns, settings.patience_seconds, stop, ready)
