"""A ledger with a directory beside it, a clock that tests move, and mailers that send in steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest_asyncio

from contracts import registry, topics
from contracts.directory import School, User
from contracts.envelope import Envelope, write
from contracts.notifications import CompletionNotice, EndpointDisabled
from services.mailer.composing import Sender
from services.mailer.ledger import Ledger
from services.mailer.pacing import Pace
from services.mailer.sending import Limits, Sending
from services.mailer.smtp import Server, SmtpTransport
from services.mailer.transport import TAKEN, Letter, Outcome
from services.mailer.wording import Wording
from services.runtime.bus.outbox import Message
from services.store.directory import Directory
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.support.mail import HOST

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import asyncpg

    from services.mailer.transport import Transport

NOON = datetime(2024, 5, 31, 12, tzinfo=UTC)
STEP = 30
"""Seconds that a mail server may take over a step, where it does not matter."""
SOON = 0.5
"""The same where a server hangs and a test waits for it."""
UNSUBSCRIBE = Sender("no-reply@mail.test", "https://learn.test/base", "leave@mail.test")


@dataclass
class Clock:
    """The time, moved by tests alone."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Post:
    """What a test needs of the mailer."""

    pool: asyncpg.Pool
    clock: Clock = field(default_factory=Clock)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.pool, "mail.test")

    @property
    def directory(self) -> Directory:
        return Directory(self.pool)

    def mailer(self, to: int | Transport, *, step: float = STEP, batch: int = 50) -> Sending:
        """A mailer that sends to the server at this port, or by this transport."""
        transport = smtp(to, timeout=step) if isinstance(to, int) else to
        wording = Wording(self.pool, self.clock)
        limits = Limits(step, 5, batch)
        return Sending(
            self.ledger,
            wording,
            transport,
            UNSUBSCRIBE,
            pace=Pace(10_000),
            clock=self.clock,
            limits=limits,
        )

    async def knows(self, *users: User) -> None:
        await self.directory.put_users(users)

    async def intends(self, *notices: CompletionNotice) -> int:
        return await self.ledger.intend(notices, self.clock())

    async def standing(self) -> dict[str, tuple[str, str | None]]:
        """Recipient → state and code, of schools with one e-mail a learner."""
        rows = await self.pool.fetch("select recipient, state, code from mails")
        return {row[0]: (row[1], row[2]) for row in rows}


class Scripted:
    """A transport whose outcomes a test has written down; afterwards everything is taken."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.letters: list[Letter] = []

    async def prepare(self) -> Outcome | None:
        return None

    async def deliver(self, letter: Letter) -> Outcome:
        self.letters.append(letter)
        return self.outcomes.pop(0) if self.outcomes else TAKEN

    async def close(self) -> None:
        """Nothing is held."""


def smtp(port: int, **more: Any) -> SmtpTransport:
    plain = Server(HOST, port, "none", None, None, None, STEP)
    return SmtpTransport(plain._replace(**more))


def ada(**more: Any) -> User:
    fields = {"school": "riverside", "user": "u-1", "name": "Ada", "email": "ada@learner.test"}
    return User(**(fields | more))


def completed(learner: str = "u-1", attempt: int = 1, **more: Any) -> CompletionNotice:
    fields: dict[str, Any] = {
        "school": "riverside",
        "learner": learner,
        "course": "biology-1",
        "course_title": "Biology I",
        "attempt": attempt,
        "event_id": f"riverside/{learner}/biology-1@{attempt}",
        "completed_at": NOON,
        "manually_completed": True,
    }
    return CompletionNotice(**(fields | more))


def notice(of: CompletionNotice | EndpointDisabled, id_: str | None = None) -> Message:
    """A notice as it comes on Kafka."""
    body = of.to_json()
    envelope = Envelope(id_ or str(uuid4()), registry.name_of(of), "/tests", body)
    return Message(topics.NOTIFICATIONS, of.school.encode(), body, write(envelope))


@pytest_asyncio.fixture
async def post(database_url: str) -> AsyncIterator[Post]:
    pool = await open_pool(database_url)
    try:
        await migrate(pool)
        made = Post(pool)
        await made.directory.put_schools([School(school="riverside", plan="starter")])
        await made.knows(ada())
        yield made
    finally:
        await pool.close()
