"""Schedules in their tables."""

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg

from services.cli.many.request import SOURCE
from services.cli.operations.sending import RefusedError, ask
from services.cli.send.outgoing import prepared
from services.cli.stack import schools
from services.cli.stack.schedules.port import (
    SHOWN,
    Dues,
    ExistsError,
    Looked,
    Many,
    UnknownScheduleError,
)
from services.cli.stack.servers import Servers
from services.domain.schedules import Schedule, slots
from services.domain.slots import parts
from services.runtime.clock import now
from services.scheduler.meant import meant
from services.scheduler.slots import refused_now
from services.store import schedules
from services.store.people import people
from services.store.schedules import Kept, ScheduleExistsError, Slot
from services.views.due.asking import DueRequest
from services.views.due.reading import DueView
from services.views.due.telling import told

if TYPE_CHECKING:
    from services.cli.stack.port import Stack


class LocalSchedules:
    """``Schedules``; a preview goes out over the stack, as any operation."""

    def __init__(self, servers: Servers, stack: "Stack") -> None:
        self._servers = servers
        self._stack = stack

    async def all(self, school: str) -> Sequence[Kept]:
        """All of them."""
        return await schedules.of_school(await self._servers.pool(), school)

    async def one(self, school: str, name: str) -> Kept:
        """By its id."""
        return _known(await schedules.read(await self._servers.pool(), school, name), school, name)

    async def look(self, school: str, name: str) -> Looked:
        """Worked out here."""
        pool, kept, at = await self._servers.pool(), await self.one(school, name), now()
        coming = islice(slots(kept.schedule, at), SHOWN) if kept.schedule.enabled else ()
        found = await meant(pool, kept.schedule, at)
        record = await schedules.slots_of(pool, school, name, SHOWN)
        return Looked(kept, list(coming), Many(found.number, found.exactly), record)

    async def slots(self, school: str, name: str, limit: int) -> Sequence[Slot]:
        """As they are on record."""
        found = await schedules.slots_of(await self._servers.pool(), school, name, limit)
        if not found:
            await self.one(school, name)
        return found

    async def foresee(self, schedule: Schedule, *, replace: bool) -> Many:
        """Better told now than at its first slot."""
        pool = await self._servers.pool()
        await self._put(pool, schedule, replace=replace, dry_run=True)
        found = await meant(pool, schedule, now())
        return Many(found.number, found.exactly)

    async def keep(self, schedule: Schedule, *, replace: bool) -> Kept:
        """Where all are kept."""
        return await self._put(await self._servers.pool(), schedule, replace=replace)

    async def switch(self, school: str, name: str, *, enabled: bool) -> Kept:
        """Under its lock."""
        pool = await self._servers.pool()
        kept = await schedules.switch(pool, school, name, now(), enabled=enabled)
        return _known(kept, school, name)

    async def remove(self, school: str, name: str) -> None:
        """From its table."""
        if not await schedules.remove(await self._servers.pool(), school, name):
            raise UnknownScheduleError(school, name)

    async def preview(self, kept: Kept, seconds: float) -> str | None:
        """Over Kafka."""
        schedule, operation = kept.schedule, str(uuid4())
        found = await meant(await self._servers.pool(), schedule, kept.next_at or now())
        if not found.number:
            return None
        asked = parts(
            *(schedule, operation, found.whom, found.completed_until), source=SOURCE, dry_run=True
        )
        messages = [
            prepared(number, it.command, it.command_id) for number, it in enumerate(asked, 1)
        ]
        await ask(self._stack, messages, seconds, "A preview changes nothing: ask for it again.")
        return operation

    async def due(self, school: str, asked: DueRequest) -> Dues:
        """From the view, with what the directory knows of each."""
        pool, at = await self._servers.pool(), now()
        page = await DueView(pool).page(school, asked)
        known = await people(pool, school, {it.learner for it in page.found})
        return Dues([told(it, known.get(it.learner), at) for it in page.found], page.next)

    async def _put(
        self, pool: asyncpg.Pool, schedule: Schedule, *, replace: bool, dry_run: bool = False
    ) -> Kept:
        school, at = schedule.school, now()
        await schools.check(pool, school)
        refused = await refused_now(pool, schedule, at)
        if refused is not None:
            raise RefusedError(refused.code, refused.message)
        try:
            put = schedules.look if dry_run else schedules.put
            return await put(pool, schedule, at, only_new=not replace)
        except ScheduleExistsError:
            raise ExistsError(school, schedule.schedule) from None


def _known(kept: Kept | None, school: str, name: str) -> Kept:
    if kept is None:
        raise UnknownScheduleError(school, name)
    return kept
