"""What administrators see of the ledger, and do to it on purpose. No address is shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

import asyncpg

from services.domain.addresses import BadAddressError, mailbox
from services.mailer.ledger import State
from services.mailer.sql import query
from services.mailer.variables import Kind

Again = Literal["again", "unknown", "not_ended"]
"""unknown: there is none; not_ended: it was sent, or is under way."""


class MailRow(NamedTuple):
    """A row of the ledger."""

    id: UUID
    school: str
    recipient: str
    kind: Kind
    course: str | None
    attempt: int | None
    state: State
    tries: int
    resends: int
    next_at: datetime
    intended_at: datetime
    changed_at: datetime
    code: str | None
    answer: str | None
    template: str | None
    message_id: str
    unsubscribe: UUID


class Administration:
    """Reads and writes on behalf of a person."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def mails(self, school: str | None, state: State | None, limit: int) -> Sequence[MailRow]:
        """Rows of the ledger, the newest first."""
        rows = await self._pool.fetch(query("list"), school, state, limit)
        return [MailRow(*row) for row in rows]

    async def mail(self, id_: UUID) -> MailRow | None:
        """One row."""
        row = await self._pool.fetchrow(query("one"), id_)
        return MailRow(*row) if row is not None else None

    async def resend(self, id_: UUID, now: datetime) -> Again:
        """Let one be sent again; one that is unclear may then arrive twice."""
        if await self._pool.fetchval(query("resend"), id_, now) is not None:
            return "again"
        return "unknown" if await self.mail(id_) is None else "not_ended"

    async def suppress(self, school: str, user: str, now: datetime) -> None:
        """Write to this user of the school no more."""
        await self._pool.execute(query("suppress"), school, user, now, "administrator")

    async def unsuppress(self, school: str, user: str) -> bool:
        """Write to them again; False where they were not suppressed."""
        return await self._pool.fetchval(query("unsuppress"), school, user) is not None

    async def unsubscribe(self, token: UUID, now: datetime) -> tuple[str, str] | None:
        """Write no more to whoever got the e-mail with this token; their school and id."""
        row = await self._pool.fetchrow(query("unsubscribe"), token, now)
        return None if row is None else (row[0], row[1])

    async def set_sender(self, school: str, address: str, name: str | None) -> None:
        """Whom the school's e-mails come from.

        Raises:
            BadAddressError: the address is none that every server takes.
        """
        box = mailbox(address)
        if box.international:
            raise BadAddressError("only ASCII may stand before the @")
        await self._pool.execute(query("sender_put"), school, box.address, name)

    async def remove_sender(self, school: str) -> bool:
        """The installation's sender again; False where it was that already."""
        return await self._pool.fetchval(query("sender_remove"), school) is not None
