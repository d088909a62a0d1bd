"""An import that was checked, as messages: new users first, then the parts of its operation."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple
from uuid import uuid4

import asyncpg

from contracts.api.imports import RunImport
from contracts.directory import User
from services.domain.bulk import part_id
from services.imports.entries import Choices
from services.imports.kept.sql import query
from services.imports.ledger import Ledger
from services.imports.parts import Parts, template
from services.imports.people import users
from services.imports.problems import ImportFileError
from services.runtime.bus.outbox import Message
from services.runtime.bus.placing import record_of
from services.runtime.embedded.waiting import until
from services.store.people import people

SOURCE = "/coursemark/imports"
TOGETHER = 20
"""Parts in memory at once: 20,000 rows."""
USERS = 2_000
DIRECTORY_SECONDS = 60.0
"""By then the directory has taken in users that were sent to it."""


class RunRefusedError(Exception):
    """A file is not imported; the code is stable, the text says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Sent(NamedTuple):
    """``parts``: messages of the operation; ``users``: who had to be written into the directory."""

    parts: int
    users: int


class Sending:
    """``send`` returns when Kafka has acknowledged the messages."""

    def __init__(
        self, pool: asyncpg.Pool, send: Callable[[Iterable[Message]], Awaitable[None]]
    ) -> None:
        self._pool = pool
        self._send = send

    async def send(
        self, ledger: Ledger, choices: Choices, actor: str, operation: str, asked: RunImport
    ) -> Sent:
        """Send all of it; ids follow from the operation's: sent again, nothing is done twice.

        Raises:
            RunRefusedError: the users cannot be written, or the operation would be too large.
        """
        given = template(choices, actor, email=asked.send_completion_email, start_at=asked.start_at)
        try:
            parts = await asyncio.to_thread(
                Parts, ledger, {**given, "operation": operation, "dry_run": asked.dry_run}
            )
            written = 0
            if not asked.dry_run:
                written = await self._count_users(choices.school, operation, ledger)
                await self._write_users(choices.school, ledger)
        except ImportFileError as error:
            raise RunRefusedError(error.code, str(error)) from None
        for first in range(0, len(parts), TOGETHER):
            some = await asyncio.to_thread(parts.__getitem__, slice(first, first + TOGETHER))
            await self._send(
                record_of(it, part_id(it.school, it.operation, it.part), SOURCE) for it in some
            )
        return Sent(len(parts), written)

    async def _count_users(self, school: str, operation: str, ledger: Ledger) -> int:
        """As many as there were at the first try: whom that one wrote, the directory has now."""
        count = 0
        async for _ in users(self._pool, school, ledger):
            count += 1
        counted: int = await self._pool.fetchval(query("run_users"), school, operation, count)
        return counted

    async def _write_users(self, school: str, ledger: Ledger) -> None:
        """Those who are new, and those who get tags."""
        some: list[User] = []
        async for user in users(self._pool, school, ledger):
            some.append(user)
            if len(some) == USERS:
                await self._write(school, some)
                some = []
        if some:
            await self._write(school, some)

    async def _write(self, school: str, some: Sequence[User]) -> None:
        await self._send(record_of(it, str(uuid4()), SOURCE) for it in some)
        wanted = [it.user for it in some]

        async def there() -> bool:
            return len(await people(self._pool, school, wanted)) == len(wanted)

        if not await until(there, within=DIRECTORY_SECONDS):
            raise RunRefusedError(
                "directory_behind",
                f"The directory has not taken in {len(wanted):,} users within "
                f"{DIRECTORY_SECONDS:g} s; run the import again when the part reference-data runs.",
            )
