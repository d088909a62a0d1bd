"""Persons on the servers: tombstones go out from here."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from getpass import getuser
from typing import BinaryIO

import asyncpg

from services.cli.stack.privacy.port import Left, NotPermittedError
from services.cli.stack.servers import Servers
from services.privacy import erasing, exporting
from services.privacy.erasing import Done
from services.privacy.remaining import remaining
from services.privacy.who import Who
from services.runtime.bus.outbox import Outbox
from services.runtime.clock import now
from services.store.directory import Directory
from services.store.erasures import Erasure, erasure_of, erasures_of
from services.store.log import EventLog

RUNNER = "~"
"""Before the name of whoever ran the command, since no user's id begins so."""


class LocalPrivacy:
    """A ``Privacy``."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    @asynccontextmanager
    async def exported(self, who: Who) -> AsyncIterator[BinaryIO]:
        """Written down first: a slow reader holds no snapshot."""
        async with exporting.written(await self._servers.pool(), who) as document:
            yield document

    @asynccontextmanager
    async def erasing(
        self, who: Who, actor: str | None, reason: str
    ) -> AsyncIterator["LocalErasing"]:
        """On the word of an administrator (A1), or of whoever runs the command."""
        pool = await self._servers.pool()
        named = RUNNER + getuser() if actor is None else await _administrator(pool, who, actor)
        async with Outbox(await self._servers.kafka()) as outbox:
            work = erasing.Erasing(EventLog(pool), outbox, self._servers.mails, now)
            found, before = await work.look(who), await erasure_of(pool, *who)
            yield LocalErasing(pool, work, found, before, named, reason)

    async def erasures(self, school: str) -> Sequence[Erasure]:
        """From their table."""
        return await erasures_of(await self._servers.pool(), school)


class LocalErasing:
    """An ``Erasing``."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        work: erasing.Erasing,
        found: erasing.Found,
        before: Erasure | None,
        actor: str,
        reason: str,
    ) -> None:
        self._pool = pool
        self._work = work
        self._found = found
        self.holdings = found.holdings
        self.before = before
        self._actor = actor
        self._reason = reason

    def steps(self) -> AsyncGenerator[Done]:
        """As each is durable."""
        return self._work.steps(self._found, self._actor, self._reason)

    async def left(self) -> Left:
        """Of what was found before."""
        found = self._found
        left = remaining(found.who, found.holdings, found.told)
        return Left(await erasure_of(self._pool, *found.who), left, found.searches)


async def _administrator(pool: asyncpg.Pool, who: Who, actor: str) -> str:
    key = who.school, actor
    if (await Directory(pool).facts([key[0]], [key])).levels.get(key) != "admin":
        raise NotPermittedError(
            f"{actor} is no administrator of {who.school}; name one, or leave --actor out. "
            "Nothing was changed."
        )
    return actor
