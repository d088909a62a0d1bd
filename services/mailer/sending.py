"""From the ledger to the mail server: take, write down, send, write down what became of it."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar
from uuid import uuid4

from services.mailer.composing import Sender, compose, unsubscribe_url
from services.mailer.ledger import Ledger, Mail, Note
from services.mailer.pacing import Pace
from services.mailer.schedule import pause
from services.mailer.transport import Letter, Outcome, Transport
from services.mailer.variables import values
from services.mailer.wording import Wording
from services.runtime.patience import patiently

SHORTEST_REST, LONGEST_REST = timedelta(seconds=1), timedelta(minutes=1)
"""Between two tries to connect to a server that cannot be reached; doubled up to the longest."""
LOOK_SECONDS = 1.0
"""Between two looks at the ledger where nobody wakes the sender."""
MOST = 50
"""E-mails that are taken at once."""
WHAT = "the mailer"

T = TypeVar("T")
log = logging.getLogger(__name__)


class Limits(NamedTuple):
    """``step_seconds``: how long the server may take over a step; leases last several of them."""

    step_seconds: float
    patience_seconds: float
    batch: int = MOST


class Sending:
    """One sender; as many as there are share the ledger."""

    def __init__(
        self,
        ledger: Ledger,
        wording: Wording,
        transport: Transport,
        sender: Sender,
        *,
        pace: Pace,
        clock: Callable[[], datetime],
        limits: Limits,
    ) -> None:
        self._ledger = ledger
        self._wording = wording
        self._transport = transport
        self._sender = sender
        self._pace = pace
        self._clock = clock
        self._taken_for = timedelta(seconds=4 * limits.step_seconds)
        self._sending_for = timedelta(seconds=10 * limits.step_seconds)
        self._limits = limits
        self._chance = random.Random()  # noqa: S311 - spreads tries, no secret
        self._rest = SHORTEST_REST
        self._resting_until: datetime | None = None
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There is something new to send."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until ``stop`` is set; the letter that is under way then is finished first.

        Raises:
            OutOfPatienceError: PostgreSQL stayed away.
        """
        try:
            while not stop.is_set():
                self._woken.clear()
                if not await self.step(stop):
                    await self._transport.close()
                    await _first_of(stop, self._woken, within=LOOK_SECONDS)
        finally:
            await self._transport.close()

    async def step(self, stop: asyncio.Event | None = None) -> int:
        """Send what is due, up to a batch; returns how many e-mails were taken in hand."""
        now = self._clock()
        for swept, school in await self._patiently(lambda: self._ledger.sweep(now)):
            log.warning("%s: e-mail %s: unclear, its mailer is gone", school, swept)
        if self._resting_until is not None and now < self._resting_until:
            return 0
        lease = uuid4()
        mails = await self._patiently(
            lambda: self._ledger.claim(lease, now + self._taken_for, now, self._limits.batch)
        )
        for done, mail in enumerate(mails):
            if (stop is not None and stop.is_set()) or not await self._one(mail):
                await self._patiently(lambda: self._ledger.release(lease))
                return done
        return len(mails)

    async def _one(self, mail: Mail) -> bool:
        """Send one; False where the server cannot be reached and the others need not try."""
        worded = await self._patiently(lambda: self._worded(mail))
        if isinstance(worded, Note):
            await self._note(mail, worded)
            return True
        letter, template = worded
        await self._pace.turn()
        trouble = await self._transport.prepare()
        if trouble is not None:
            await self._note(mail, self._after(mail, trouble))
            self._take_a_rest(trouble)
            return False
        self._rest = SHORTEST_REST
        now = self._clock()
        begun = await self._patiently(
            lambda: self._ledger.begin(mail, now + self._sending_for, now, template)
        )
        if begun:
            await self._note(mail, self._after(mail, await self._transport.deliver(letter)))
        return True

    async def _worded(self, mail: Mail) -> tuple[Letter, str] | Note:
        """The letter, as the directory is at this moment; or what to write down instead."""
        recipient = await self._ledger.recipient(mail)
        if recipient.suppressed:
            return Note("suppressed", mail.tries, "suppressed")
        if recipient.email is None:
            return Note("no_address", mail.tries, "no_address")
        filled = values(
            mail.notice,
            name=recipient.name,
            school_name=recipient.school_name,
            unsubscribe_url=unsubscribe_url(mail, self._sender),
        )
        languages = recipient.language, recipient.school_language
        worded = await self._wording.word(mail.school, mail.kind, languages, filled)
        letter = compose(mail, recipient, worded.rendered, self._sender, self._clock())
        if isinstance(letter, Outcome):
            return self._after(mail, letter)
        return letter, worded.template

    def _after(self, mail: Mail, outcome: Outcome) -> Note:
        """What to write down after a try."""
        tries = mail.tries + 1
        match outcome.kind:
            case "taken":
                return Note("sent", tries)
            case "refused":
                return Note("failed", tries, outcome.code, outcome.answer)
            case "unclear":
                return Note("unclear", tries, outcome.code, outcome.answer)
            case "later":
                wait = pause(tries, self._chance)
                if wait is None:
                    return Note("failed", tries, "gave_up", outcome.answer or outcome.code)
                again = self._clock() + wait
                return Note("intended", tries, outcome.code, outcome.answer, again)

    async def _note(self, mail: Mail, note: Note) -> None:
        noted = await self._patiently(lambda: self._ledger.note(mail, note, self._clock()))
        level = logging.INFO if note.state in {"sent", "suppressed"} else logging.WARNING
        done = note.state if noted else "overtaken by another mailer"
        log.log(level, "%s: e-mail %s: %s %s", mail.school, mail.id, done, note.code or "")

    def _take_a_rest(self, trouble: Outcome) -> None:
        """All letters go over the same server: none is tried before it may be back."""
        rest = self._rest * self._chance.uniform(0.5, 1)
        self._resting_until = self._clock() + rest
        self._rest = min(2 * self._rest, LONGEST_REST)
        seconds = rest.total_seconds()
        log.warning("no way to send e-mails (%s); next try in %.1f s", trouble.code, seconds)

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        return await patiently(work, self._limits.patience_seconds, WHAT)


async def _first_of(*events: asyncio.Event, within: float) -> None:
    """Wait until one of them is set, at most so many seconds."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiting in waits:
            waiting.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
