"""Awards learning programmes to who has completed their courses."""

import asyncio

from services.composition.database import database
from services.programs.awarding import LIMIT, Awarding
from services.runtime.clock import now
from services.runtime.following import LogFollower
from services.runtime.readiness import Ready, nobody_waits
from services.runtime.settings import Settings
from services.store.log import EventLog


async def run(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Run it until ``stop`` is set."""
    async with database(settings, "learning-programs") as pool:
        log = EventLog(pool)
        awarding = Awarding(log, now)
        await LogFollower(log, awarding, LIMIT, settings.patience_seconds).run(stop, ready)
