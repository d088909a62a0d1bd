"""Sends e-mails, at most one for an attempt."""

import asyncio

from services.composition.ground import ground
from services.composition.inboxes import inbox_of
from services.mailer.consumer import Notices
from services.mailer.ledger import Ledger
from services.mailer.pacing import Pace
from services.mailer.sending import Limits, Sending
from services.mailer.starting import sender_of, transport_of
from services.mailer.wording import Wording
from services.runtime.clock import now
from services.runtime.readiness import Ready, nobody_waits
from services.runtime.settings import Settings
from services.runtime.together import together


async def run(settings: Settings, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
    """Run it until ``stop`` is set."""
    sender, transport = sender_of(settings), transport_of(settings)
    async with ground(settings, "mailer") as (log, outbox, cluster):
        ledger = Ledger(log.pool, sender.address.rpartition("@")[2])
        patience = settings.patience_seconds
        sending = Sending(
            ledger,
            Wording(log.pool, now),
            transport,
            sender,
            pace=Pace(settings.mail_per_second),
            clock=now,
            limits=Limits(settings.smtp_timeout_seconds, patience),
        )
        notices = Notices(ledger, outbox, cluster, patience, now, sending.wake)
        inbox = inbox_of(settings, cluster, "mailer", notices.handle)
        await together(stop, sending.run, lambda ending: inbox.run(ending, ready))
