"""Files that wait are checked, and those that are to be imported are sent as operations.

A file that a process dies of is not tried for ever: how often it was begun is written down first.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

import asyncpg

from contracts.api.imports import RunImport
from services.imports.kept import keeping
from services.imports.kept.checking import Checking, StoppedError, choices_of
from services.imports.kept.keeping import Kept
from services.imports.kept.sending import RunRefusedError, Sending, Sent
from services.imports.kept.sql import query
from services.imports.kept.wording import GONE, WHY_NOT
from services.imports.ledger import Ledger
from services.imports.obstacles import obstacle
from services.operations.permission import refusal
from services.runtime.bus.outbox import OutboxError
from services.runtime.patience import patiently
from services.runtime.pausing import until_set
from services.store.failures import PASSING, passes

LOOK_SECONDS = 0.5
MANY = 20


class _Waiting(NamedTuple):
    """``operation``: none where the file is to be checked."""

    school: str
    id: str
    operation: str | None


class _Begun(NamedTuple):
    tries: int
    asked: RunImport
    actor: str


class Preparing:
    """One file at a time; its lock needs a connection for as long."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        checking: Checking,
        sending: Sending,
        clock: Callable[[], datetime],
        patience_seconds: float,
    ) -> None:
        self._pool = pool
        self._checking = checking
        self._sending = sending
        self._clock = clock
        self._patience = patience_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until ``stop`` is set.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away.
        """
        while not stop.is_set():
            if not await patiently(lambda: self.step(stop), self._patience, "imports"):
                await until_set(stop, LOOK_SECONDS)

    async def step(self, stop: asyncio.Event) -> bool:
        """Do the next that no other process is at; whether there was one."""
        for school, id_, operation in await self._pool.fetch(query("waiting"), MANY):
            async with self._alone(school, id_) as mine:
                if mine:
                    with contextlib.suppress(StoppedError):
                        await self._do(_Waiting(school, id_, operation), stop)
                    return True
        return False

    @asynccontextmanager
    async def _alone(self, school: str, id_: str) -> AsyncIterator[bool]:
        """Whether it is ours; the lock goes with the connection, however the process ends."""
        async with self._pool.acquire() as connection:
            mine = await connection.fetchval(query("lock"), school, id_)
            try:
                yield mine
            finally:
                if mine and not connection.is_closed():
                    await connection.execute(query("unlock"), school, id_)

    async def _do(self, waiting: _Waiting, stop: asyncio.Event) -> None:
        kept = await keeping.read(self._pool, waiting.school, waiting.id)
        if kept is None:
            return
        if waiting.operation is None:
            async with self._begun("check", waiting.school, waiting.id) as row:
                if row is not None:
                    await self._check(kept, row["tries"], stop)
            return
        async with self._begun("run", waiting.school, waiting.operation) as row:
            if row is not None:
                asked = RunImport.model_validate_json(row["asked"])
                begun = _Begun(row["tries"], asked, row["actor"])
                await self._carry_out(kept, waiting.operation, begun, stop)

    @asynccontextmanager
    async def _begun(
        self, what: str, school: str, id_: str
    ) -> AsyncIterator[asyncpg.Record | None]:
        """Its row, none where it is done; what ends otherwise than here counts as a try."""
        row = await self._pool.fetchrow(query(f"begin_{what}"), school, id_)
        try:
            yield row
        except Exception as error:
            if passes(error) or isinstance(error, (OutboxError, StoppedError)):
                with contextlib.suppress(*PASSING):
                    await self._pool.execute(query(f"leave_{what}"), school, id_)
            raise

    async def _check(self, kept: Kept, tries: int, stop: asyncio.Event) -> None:
        with Ledger() as ledger:
            checked = await self._checking.read(kept, ledger, tries, stop)
            await self._checking.write(kept, ledger, checked)

    async def _carry_out(
        self, kept: Kept, operation: str, begun: _Begun, stop: asyncio.Event
    ) -> None:
        place = kept.school, operation
        try:
            sent = await self._send(kept, operation, begun, stop)
        except RunRefusedError as error:
            values = "refused", error.code, str(error), None, None, self._clock()
            await self._pool.execute(query("run_end"), *place, *values)
            return
        ended = "sent", None, None, sent.parts, sent.users, self._clock()
        await self._pool.execute(query("run_end"), *place, *ended)
        if not begun.asked.dry_run:
            await self._pool.execute(query("file_forget"), kept.school, kept.id)

    async def _send(self, kept: Kept, operation: str, begun: _Begun, stop: asyncio.Event) -> Sent:
        """Check it anew, since the school may have changed, and send it.

        Raises:
            RunRefusedError: it is not imported.
        """
        refused = await refusal(self._pool, kept.school, begun.actor)
        if refused is not None:
            raise RunRefusedError(refused.code, refused.message)
        if kept.upload is None:
            raise RunRefusedError("file_gone", GONE)
        with Ledger() as ledger:
            checked = await self._checking.read(kept, ledger, begun.tries, stop)
            unusable, skip = ledger.unusable(), begun.asked.skip_invalid
            found = obstacle(ledger.counts(), unusable=unusable, skip_invalid=skip)
            if found is not None:
                await self._checking.write(kept, ledger, checked)
                raise RunRefusedError(found, WHY_NOT[found])
            choices = choices_of(kept, self._clock())
            return await self._sending.send(ledger, choices, begun.actor, operation, begun.asked)
