"""Answers administrators and integrators over HTTP."""

import asyncio
import logging
import time
from contextlib import AsyncExitStack

from services.api.acting.uploading import Uploads
from services.api.app import application
from services.api.commands.idempotency import Underway
from services.api.commands.receipts import Receipts
from services.api.commands.sending import Sender
from services.api.reads.counted import Counted
from services.api.reads.reached import Reached
from services.api.reads.watching import Watching
from services.api.standing import Standing
from services.api.web.limits import Limits
from services.api.who.oidc.verifying import Verifier
from services.api.who.recording import Recorder
from services.commands.handler import CommandHandler
from services.composition.ground import ground
from services.runtime.clock import now
from services.runtime.http import serve
from services.runtime.readiness import Ready, nobody_waits
from services.runtime.settings import Settings
from services.store.audit import AuditLog
from services.store.courses import CourseCache
from services.store.directory import Directory
from services.store.tokens import Tokens

CONNECTIONS = 5_000
"""Idle ones count: how many requests are under way is bounded by the application."""


async def run(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Run it until ``stop`` is set."""

    def listens(where: str) -> None:
        logging.getLogger(__name__).info("the API listens on %s", where)
        ready()

    async with ground(settings, "api", stateless=True) as (log, outbox, _):
        watching = Watching(log.pool)
        sender, receipts, reached = Sender(outbox), Receipts(log), Reached(log)
        verifier = Verifier(settings.oidc_issuers, time.monotonic)
        recorder = Recorder(AuditLog(log.pool), now, settings.audit_days)
        standing = Standing(
            log=log,
            tokens=Tokens(log.pool),
            limits=Limits(settings.api_per_second, settings.api_burst, time.monotonic),
            sender=sender,
            receipts=receipts,
            underway=Underway(),
            watching=watching,
            uploads=Uploads(),
            reached=reached,
            counted=Counted(log.pool),
            courses=CourseCache(log),
            handler=CommandHandler(log, Directory(log.pool), now),
            clock=now,
            verifier=verifier,
            recorder=recorder,
            mails=settings.mails,
        )
        async with AsyncExitStack() as stack:
            for it in (recorder, verifier, sender, receipts, reached):
                await stack.enter_async_context(it.running())
            app = application(standing, settings.api_origins)
            where = settings.api_host, settings.api_port or 0
            async with watching.running(stop):
                await serve(app, *where, stop, listens, connections=CONNECTIONS)
