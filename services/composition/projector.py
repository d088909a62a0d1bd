"""Keeps the views."""

import asyncio

from services.composition.database import database
from services.projector.runtime import Projector
from services.runtime.readiness import Ready, nobody_waits
from services.runtime.settings import Settings
from services.store.log import EventLog


async def run(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Run it until ``stop`` is set."""
    async with database(settings, "projector") as pool:
        ready()
        await Projector(EventLog(pool)).run(stop)
