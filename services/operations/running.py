"""The running part: operations in turn, one step of each at a time.

A step is the validation of an operation, or one chunk of it. Whoever has not been served for the
longest comes first, so operations share this lane however large one is; and single commands do not
use it at all. An advisory lock of the session makes an operation one process's at a time: it is
held in no transaction, and falls with the process.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import islice
from typing import Any

import asyncpg

from contracts.operations import BeginningCommand
from services.commands.handler import CommandHandler
from services.domain.operations import Move
from services.operations import chunks
from services.operations.beginning import asked as asked_of
from services.operations.chunks import Chunk, Place
from services.operations.desk import moved
from services.operations.reports import Reports
from services.operations.sql import query
from services.operations.validating import NotYetError, Validating
from services.runtime.patience import patiently
from services.runtime.pausing import until_set
from services.runtime.readiness import Ready, nobody_waits
from services.store.directory import Directory
from services.store.failures import passes
from services.store.log import EventLog

PAUSE = 0.1
"""Seconds between two looks where nothing could go on."""
PICKED = 16
"""Operations that are tried in one turn: others may have the first ones."""
FAULTS = 3
"""How often a chunk may fail for a reason of its own before its operation is paused."""
WHAT = "operations"
log = logging.getLogger(__name__)


class Operations:
    """Carries out the operations of one log."""

    def __init__(
        self,
        event_log: EventLog,
        handler: CommandHandler,
        reports: Reports,
        clock: Callable[[], datetime],
        patience_seconds: float,
    ) -> None:
        self._log, self._pool = event_log, event_log.pool
        self._handler = handler
        self._reports = reports
        self._clock = clock
        self._patience = patience_seconds
        self._validating = Validating(event_log, clock)
        self._faults: Counter[Place] = Counter()

    async def run(self, stop: asyncio.Event, ready: Ready = nobody_waits) -> None:
        """Go on until ``stop`` is set; a chunk that is under way then is finished first.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away.
        """
        first = True
        while not stop.is_set():
            went_on = await patiently(self.turn, self._patience, WHAT)
            await patiently(self._report, self._patience, WHAT)
            if first:
                ready()
                first = False
            if not went_on:
                await until_set(stop, PAUSE)

    async def turn(self) -> bool:
        """One step of the operation that has waited for the longest; False where none could go."""
        for row in await self._pool.fetch(query("pick"), self._clock(), PICKED):
            place = Place(*row)
            async with self._alone(place) as ours:
                if ours and await self._served(place):
                    return True
        return False

    async def _report(self) -> None:
        await self._reports.send()

    async def _served(self, place: Place) -> bool:
        """One step; False where it has to wait for something else."""
        await self._pool.execute(query("served"), *place)
        row = await self._pool.fetchrow(query("read"), *place)
        try:
            went_on = await self._step(place, row)
        except Exception as error:
            if passes(error):
                raise
            await self._failed(place, row, error)
            return True
        self._faults.pop(place, None)
        return went_on

    async def _step(self, place: Place, row: asyncpg.Record) -> bool:
        asked = asked_of(row["kind"], row["template"])
        match row["state"]:
            case "scheduled":
                await self._pool.execute(query("due"), *place)
            case "validating":
                try:
                    await self._validating.validate(place, asked, dry_run=row["dry_run"])
                except NotYetError:
                    return False
            case "running":
                await self._go_on(place, asked, row)
            case "cancelled" if row["ended_at"] is None:
                await self._settle(place, asked, dry_run=row["dry_run"])
            case _:  # moved since it was picked
                return False
        return True

    async def _go_on(self, place: Place, asked: BeginningCommand, row: asyncpg.Record) -> None:
        chunk = await chunks.next_chunk(self._pool, place)
        if chunk is None:
            await self._pool.execute(query("end"), *place, self._clock())
            return
        actor = chunk.actor or row["responsible"]
        if chunk.actor is None:
            if not await self._is_admin(place.school, actor):
                await self._hold(place, "not_permitted", row["state"], _NO_ADMIN.format(actor))
                return
            await self._pool.execute(query("chunk_begin"), *place, chunk.number, actor)
        await self._carry_out(place, asked, chunk, actor, dry_run=row["dry_run"])

    async def _is_admin(self, school: str, actor: str) -> bool:
        facts = await Directory(self._pool).facts((), {(school, actor)})
        return facts.levels.get((school, actor)) == "admin"

    async def _settle(self, place: Place, asked: BeginningCommand, *, dry_run: bool) -> None:
        """Count what was begun when its process died; what was not begun stays undone."""
        chunk = await chunks.next_chunk(self._pool, place)
        if chunk is not None and chunk.actor is not None and not dry_run:
            batch, sizes = chunks.commands(asked, chunk, chunk.actor, self._clock())
            given = await self._log.receipts({(place.school, it.command_id) for it in batch})
            known = ((place.school, it.command_id) in given for it in batch)
            begun = [sum(islice(known, size)) > 0 for size in sizes]
            chunk = await chunks.keep_begun(self._pool, place, chunk, begun)
            if chunk.rows:
                await self._carry_out(place, asked, chunk, str(chunk.actor), dry_run=False)
        await self._pool.execute(query("cancelled"), *place)

    async def _carry_out(
        self, place: Place, asked: BeginningCommand, chunk: Chunk, actor: str, *, dry_run: bool
    ) -> None:
        batch, sizes = chunks.commands(asked, chunk, actor, self._clock())
        if dry_run:
            became = chunks.foreseen(chunk, sizes, await self._handler.preview(batch))
        else:
            became = chunks.became(chunk, sizes, await self._handler.handle(batch))
        await chunks.end(self._pool, place, chunk, became)

    async def _failed(self, place: Place, row: asyncpg.Record, error: Exception) -> None:
        """A fault of ours: tried again a few times, then it waits for a person."""
        log.error("the operation %s of %s failed", *reversed(place), exc_info=error)
        self._faults[place] += 1
        if self._faults[place] < FAULTS:
            return
        del self._faults[place]
        words = f"A fault of Coursemark stopped it: {type(error).__name__}; resume it to try again."
        await self._hold(place, "fault", row["state"], words)

    async def _hold(self, place: Place, why: Any, state: Any, message: str) -> None:
        """Pause it, unless somebody has moved it meanwhile."""
        async with self._pool.acquire() as connection, connection.transaction():
            now = await connection.fetchrow(query("lock"), *place, "{}")
            if now["state"] == state:
                held = Move("paused", why, state)
                await moved(connection, *place, held, self._clock(), message)

    @asynccontextmanager
    async def _alone(self, place: Place) -> AsyncIterator[bool]:
        """True where no other process has the operation, and none gets it until the end."""
        name = "/".join(("operation", *place))
        async with self._pool.acquire() as connection:
            ours = await connection.fetchval(query("try_lock"), name)
            try:
                yield ours
            finally:
                if ours and not connection.is_closed():
                    await connection.execute(query("unlock"), name)


_NO_ADMIN = (
    "{} is no administrator any more; another one can resume it, and answers for what is left."
)
