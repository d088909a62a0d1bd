"""The audit log: who was refused, and who changed what, over HTTP; ids, no names and no secrets."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.store.sql import query

PIECE = 5_000
"""Entries that are deleted at a time: whoever deletes holds back who follows the log."""


class Entry(NamedTuple):
    """An answer, or ``times`` alike ones in a minute, ``at`` and ``request_id`` the last one's.

    ``school``: empty where it is not known. ``caller``: a token's id, or an issuer and a subject.
    ``route``: the path with its parameters' names, whose values are in ``ids``. ``why``: of a
    refusal, what the caller was not told. ``operation``: the operationId of the API's document.
    """

    at: datetime
    id: UUID
    school: str
    caller: str | None
    actor: str | None
    method: str
    route: str | None
    ids: Mapping[str, str]
    status: int
    code: str | None
    why: str | None
    address: str | None
    operation: str | None
    request_id: str
    times: int = 1


class Wanted(NamedTuple):
    """Which entries; ``school``: none means every school's, and what is of none."""

    school: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    caller: str | None = None
    actor: str | None = None
    operation: str | None = None
    statuses: Collection[int] | None = None


class AuditLog:
    """Reads and writes."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def append(self, entries: Sequence[Entry]) -> None:
        """Write entries; one that is there already stays as it is."""
        rows = [it._replace(ids=json.dumps(it.ids)) for it in entries]  # type: ignore[arg-type]
        await self._pool.execute(query("audit_append"), *map(list, zip(*rows, strict=True)))

    async def page(
        self, wanted: Wanted, *, before: tuple[datetime, UUID] | None = None, limit: int
    ) -> list[Entry]:
        """The newest that are wanted; ``before``: after the one of that moment and id."""
        statuses = None if wanted.statuses is None else list(wanted.statuses)
        narrowed = (*wanted[:-1], statuses)
        rows = await self._pool.fetch(
            query("audit_page"), *narrowed, *(before or (None, None)), limit
        )
        return [Entry(*row)._replace(ids=json.loads(row["ids"])) for row in rows]

    async def forget(self, before: datetime) -> None:
        """Delete what is older, a piece at a time."""
        while await self._pool.execute(query("audit_forget"), before, PIECE) == f"DELETE {PIECE}":
            pass
