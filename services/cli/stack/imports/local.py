"""Files that are read here, beside the database, and sent over Kafka."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from contracts.operations import OperationReported
from services.cli.imports.options import Asked
from services.cli.imports.source import opened
from services.cli.output import say
from services.cli.running import bar
from services.cli.stack.imports.port import CheckedFile, Found, NotPermittedError, users_written
from services.cli.stack.imports.sending import publish, send
from services.cli.stack.servers import Servers
from services.imports.checking import Checked, check_file
from services.imports.ledger import Ledger
from services.imports.parts import Parts
from services.imports.problems import Problem
from services.operations.permission import refusal
from services.store.log import EventLog

if TYPE_CHECKING:
    import asyncpg

    from services.cli.stack.port import Stack


class LocalImports:
    """``Imports``."""

    def __init__(self, servers: Servers, stack: "Stack") -> None:
        self._servers = servers
        self._stack = stack

    @asynccontextmanager
    async def checked(self, wanted: Asked, operation: str) -> AsyncIterator[CheckedFile]:
        """With a bar."""
        pool = await self._servers.pool()
        refused = await refusal(pool, wanted.school, wanted.actor)
        if refused is not None:
            raise NotPermittedError(refused.code, refused.message)
        with Ledger() as ledger:
            with opened(wanted.file) as stream, bar("lines checked") as advance:
                lines = wanted.reading, wanted.choices, ledger, advance
                checked = await check_file(EventLog(pool), stream, *lines)
            yield LocalFile(self._stack, pool, wanted, operation, (ledger, checked))


class LocalFile:
    """A ``CheckedFile``."""

    def __init__(
        self,
        stack: "Stack",
        pool: "asyncpg.Pool",
        wanted: Asked,
        operation: str,
        read: tuple[Ledger, Checked],
    ) -> None:
        self._stack = stack
        self._pool = pool
        self._wanted = wanted
        self._operation = operation
        self._ledger, checked = read
        codes = {it.code: it.number for it in self._ledger.codes()}
        self.found = Found(*checked, self._ledger.counts(), codes, self._ledger.unusable())

    async def problems(self) -> AsyncIterator[Problem]:
        """Out of the ledger."""
        for it in self._ledger.problems():
            yield it

    async def carry_out(self) -> OperationReported:
        """New users first, then the parts of the operation."""
        wanted, how, counts = self._wanted, self._wanted.how, self.found.counts
        more: dict[str, Any] = {"operation": self._operation, "dry_run": how.dry_run}
        parts = Parts(self._ledger, wanted.template | more)
        if not how.dry_run and (counts.new_people or counts.tagged):
            school, seconds = wanted.school, how.timeout
            written = await publish(self._stack, self._pool, school, self._ledger, seconds)
            say(users_written(written))
        return await send(self._stack, parts, how)
