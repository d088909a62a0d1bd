"""The ledger: who is to get which e-mail, and what became of it.

An e-mail is ``intended``, then ``sending`` from before the server hears of it, then ``sent`` or
``failed``; ``unclear`` where nobody was left to say. ``intended`` and ``sending`` rows belong to
one mailer until their lease ends; each step asks for the lease, so a mailer that was asleep
changes nothing that another one has taken over.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, get_args
from uuid import UUID

import asyncpg

from contracts.notifications import CompletionNotice, EndpointDisabled
from services.mailer.notices import AdministratorsNotice, mail_id
from services.mailer.sql import query
from services.mailer.variables import Kind, Notice

State = Literal["intended", "sending", "sent", "failed", "unclear", "no_address", "suppressed"]
STATES: tuple[State, ...] = get_args(State)


class Mail(NamedTuple):
    """An e-mail that a mailer has taken; ``tries`` are those that failed."""

    id: UUID
    school: str
    recipient: str
    kind: Kind
    notice: Notice
    message_id: str
    unsubscribe: UUID
    tries: int
    lease: UUID


class Recipient(NamedTuple):
    """Who it goes to, as the directory and the school say at this moment."""

    name: str | None
    email: str | None
    language: str | None
    school_name: str | None
    school_language: str | None
    suppressed: bool
    sender_address: str | None
    sender_name: str | None


class Note(NamedTuple):
    """What is written down of an e-mail; ``next_at`` where it is tried again."""

    state: State
    tries: int
    code: str | None = None
    answer: str | None = None
    next_at: datetime | None = None


class Ledger:
    """Reads and writes; ``domain`` stands in the Message-IDs of new rows."""

    def __init__(self, pool: asyncpg.Pool, domain: str) -> None:
        self._pool = pool
        self._domain = domain

    async def intend(self, notices: Sequence[CompletionNotice], now: datetime) -> int:
        """Write completion notices down; returns how many were new."""
        rows = sorted((mail_id(it), it) for it in notices)
        columns = [
            [id_ for id_, _ in rows],
            [it.school for _, it in rows],
            [it.learner for _, it in rows],
            [it.course for _, it in rows],
            [it.attempt for _, it in rows],
            [it.to_json().decode() for _, it in rows],
            [self._message_id(id_) for id_, _ in rows],
        ]
        return len(await self._pool.fetch(query("intend"), *columns, now))

    async def intend_for_administrators(self, told: AdministratorsNotice, now: datetime) -> int:
        """Write a notice down for each administrator who can be written to; returns how many."""
        school = told.notice.school
        users = [row[0] for row in await self._pool.fetch(query("administrators"), school)]
        ids = [mail_id(told, user) for user in users]
        made = await self._pool.fetch(
            query("intend_for_administrators"),
            *(school, told.id, ids, users, told.notice.to_json().decode()),
            *([self._message_id(id_) for id_ in ids], now),
        )
        return len(made)

    async def claim(
        self, lease: UUID, until: datetime, now: datetime, limit: int
    ) -> Sequence[Mail]:
        """Take up to so many that are due and nobody has."""
        rows = await self._pool.fetch(query("claim"), lease, until, now, limit)
        return [_mail(row) for row in rows]

    async def recipient(self, mail: Mail) -> Recipient:
        """Who it goes to; nothing of it is kept."""
        row = await self._pool.fetchrow(query("recipient"), mail.school, mail.recipient)
        return Recipient(*row)

    async def begin(self, mail: Mail, until: datetime, now: datetime, template: str) -> bool:
        """Write down that it is being sent; False where the lease is another's by now."""
        begun = await self._pool.fetchval(
            query("begin"), mail.id, mail.lease, mail.tries + 1, until, now, template
        )
        return begun is not None

    async def note(self, mail: Mail, note: Note, now: datetime) -> bool:
        """Write down what became of it; False where the lease is another's by now."""
        noted = await self._pool.fetchval(query("note"), mail.id, mail.lease, *note, now)
        return noted is not None

    async def release(self, lease: UUID) -> None:
        """Give back what was taken and not begun."""
        await self._pool.execute(query("release"), lease)

    async def sweep(self, now: datetime) -> list[tuple[UUID, str]]:
        """What was being sent by somebody who is gone becomes unclear; returns ids and schools."""
        return [(row[0], row[1]) for row in await self._pool.fetch(query("sweep"), now)]

    def _message_id(self, mail: UUID) -> str:
        return f"{mail}@{self._domain}"


def _mail(row: asyncpg.Record) -> Mail:
    model = CompletionNotice if row["kind"] == "completion" else EndpointDisabled
    return Mail(
        id=row["mail_id"],
        school=row["school"],
        recipient=row["recipient"],
        kind=row["kind"],
        notice=model.model_validate_json(row["notice"]),
        message_id=row["message_id"],
        unsubscribe=row["unsubscribe"],
        tries=row["tries"],
        lease=row["lease"],
    )
