"""Notices in, rows of the ledger out, dead letters for what is none; offsets last."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from contracts.notifications import CompletionNotice
from services.mailer.ledger import Ledger
from services.mailer.notices import AdministratorsNotice, noticed
from services.runtime.bus.client import Connection
from services.runtime.bus.letters import Problem
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.record import Record
from services.runtime.bus.taking import Taking
from services.runtime.bus.undeliverable import DeadRecord

WHAT = "the mailer's notices"

log = logging.getLogger(__name__)


class Notices:
    """Handles batches of records; ``wake`` is called when there is something new to send."""

    def __init__(
        self,
        ledger: Ledger,
        outbox: Outbox,
        connection: Connection,
        patience_seconds: float,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
    ) -> None:
        self._ledger = ledger
        self._taking = Taking(outbox, connection, patience_seconds, WHAT)
        self._clock = clock
        self._wake = wake

    async def handle(self, records: Sequence[Record]) -> None:
        """Handle a batch; when it returns, all that it led to is durable and acknowledged.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away; nothing is to be committed.
        """
        await self._taking.take((records, self._intend))

    async def _intend(self, records: Sequence[Record]) -> list[DeadRecord]:
        """Write a batch into the ledger; returns the records that are no notices."""
        completions: list[CompletionNotice] = []
        others: list[AdministratorsNotice] = []
        dead: list[DeadRecord] = []
        for record in records:
            match noticed(record):
                case Problem() as problem:
                    dead.append((record, problem))
                case CompletionNotice() as notice:
                    completions.append(notice)
                case AdministratorsNotice() as told:
                    others.append(told)
        now = self._clock()
        new = await self._ledger.intend(completions, now) if completions else 0
        for told in others:
            new += await self._ledger.intend_for_administrators(told, now)
        if new:
            log.info("%d e-mails to send", new)
            self._wake()
        return dead
