"""A mailer's sender as a process of its own: ``python -m tests.support.mailing URL PORT``.

It has no Kafka, so that it starts at once and a test can kill it many times.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from services.mailer.composing import Sender
from services.mailer.ledger import Ledger
from services.mailer.pacing import Pace
from services.mailer.sending import Limits, Sending
from services.mailer.smtp import Server, SmtpTransport
from services.mailer.wording import Wording
from services.store.pool import open_pool

STEP = 0.5
"""Seconds; leases last four and ten of them."""
ANSWER = 30.0
"""Seconds that the server may take, on a busy machine too."""


async def run(database: str, port: int) -> None:
    """Send until killed."""
    pool = await open_pool(database)

    def now() -> datetime:
        return datetime.now(UTC)

    sending = Sending(
        Ledger(pool, "mail.test"),
        Wording(pool, now),
        SmtpTransport(Server("127.0.0.1", port, "none", None, None, None, ANSWER)),
        Sender("no-reply@mail.test"),
        pace=Pace(10_000),
        clock=now,
        limits=Limits(STEP, 10, batch=10),
    )
    await sending.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], int(sys.argv[2])))
