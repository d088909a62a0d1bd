"""Answers Zapier over HTTP, and requests to unsubscribe from e-mails."""

import asyncio
import logging

from services.composition.database import database
from services.mailer.unsubscribing import unsubscribing
from services.runtime.clock import now
from services.runtime.http import serve
from services.runtime.readiness import Ready, nobody_waits
from services.runtime.settings import Settings
from services.store.log import EventLog
from services.zapier.app import application


async def run(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Run it until ``stop`` is set."""

    def listens(where: str) -> None:
        logging.getLogger(__name__).info("Zapier's side listens on %s", where)
        ready()

    async with database(settings, "zapier", stateless=True) as pool:
        app = application(EventLog(pool), now)
        app.router.routes += unsubscribing(pool, now)
        await serve(app, settings.zapier_host, settings.zapier_port or 0, stop, listens)
