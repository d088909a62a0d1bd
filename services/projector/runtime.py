"""All views of a log, each followed on its own: one that stops leaves the others going."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Any

import asyncpg

from projections.definition import Projection
from projections.registry import PROJECTIONS
from services.projector.check import Checked, check
from services.projector.cursors import Cursor, StoredCursor
from services.projector.errors import ProjectionError, reason
from services.projector.follower import Follower, Limits
from services.projector.rebuild import Rebuilt, ensure, rebuild
from services.projector.status import Status, statuses
from services.projector.views import View
from services.store.cursors import CursorMovedError
from services.store.log import EventLog
from services.store.records import ORIGIN

_LOGGER = logging.getLogger(__name__)

POLL = 0.01
"""Seconds until the next look after events came."""
IDLE_POLL = 0.03
"""Seconds between looks while nothing comes."""
STANDBY = 1.0
"""Seconds that a projector stands back when another one moves the same view."""
BULK = 20_000
"""Events from which an empty view is rebuilt stream by stream, which is faster than following."""
TRIES = 8
FIRST_PAUSE = 0.1
"""Seconds before a second try where PostgreSQL does not answer; 13 s with all that follow."""

TRANSIENT = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.TransactionRollbackError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InvalidCachedStatementError,
)
"""What goes by when PostgreSQL is back, or when the same is tried again."""


class Projector:
    """Follows, rebuilds and reports the views of one log."""

    def __init__(
        self,
        log: EventLog,
        projections: Sequence[Projection[Any]] = PROJECTIONS,
        limits: Limits = Limits(),  # noqa: B008 - immutable
    ) -> None:
        self._log = log
        self._pool = log.pool
        self._projections = {it.name: it for it in projections}
        self._limits = limits

    async def catch_up(self, *names: str) -> int:
        """Bring views, all of them by default, to the end of the log; how many events it took.

        Raises:
            ProjectionError: one of them cannot go on.
        """
        handled = 0
        for name in names or self._projections:
            await self._prepare(name)
            follower = self._follower(name)
            try:
                while count := await follower.step():
                    handled += count
            finally:
                await follower.forget()
        return handled

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until told to stop; a view that cannot go on leaves the others going.

        Raises:
            ProjectionError: not one of them can go on.
        """
        outcomes = await asyncio.gather(*(self._run_one(name, stop) for name in self._projections))
        failures = [it for it in outcomes if it is not None]
        if failures and len(failures) == len(self._projections):
            raise failures[0]

    async def rebuild(self, name: str, on_progress: Callable[[int], None] | None = None) -> Rebuilt:
        """Build a view anew beside the old one, which serves until the swap.

        Raises:
            ProjectionError: it cannot be built; the old view is as it was.
        """
        return await rebuild(self._log, self._projections[name], self._limits, on_progress)

    async def check(self, name: str, on_progress: Callable[[int], None] | None = None) -> Checked:
        """Hold a view against the log."""
        return await check(self._log, self._projections[name], on_progress)

    async def statuses(self) -> list[Status]:
        """How far each view is."""
        return await statuses(self._log, self._projections.values())

    def _follower(self, name: str) -> Follower[Any]:
        view = View(self._pool, self._projections[name], name)
        return Follower(self._log, view, StoredCursor(self._pool, name), self._limits)

    async def _run_one(self, name: str, stop: asyncio.Event) -> Exception | None:
        """Follow one view; what stopped it, none where it was told to stop."""
        follower = self._follower(name)
        try:
            await self._prepare(name)
            await _follow(follower, self._limits.events, stop)
        except Exception as error:  # noqa: BLE001 - it stops this view alone, and is reported
            await self._report(name, error)
            return error
        finally:
            await follower.forget()
        return None

    async def _prepare(self, name: str) -> None:
        """Make the view, or build it anew where its version is old or it has all still to do."""
        projection = self._projections[name]
        cursor = await ensure(self._log, projection)
        if cursor.version < projection.version or await self._has_all_to_do(cursor):
            await rebuild(self._log, projection, self._limits)

    async def _has_all_to_do(self, cursor: Cursor) -> bool:
        return cursor.position == ORIGIN and await self._log.count_after(ORIGIN, BULK) == BULK

    async def _report(self, name: str, error: Exception) -> None:
        sentence = str(error) if isinstance(error, ProjectionError) else reason(error)
        _LOGGER.error("projection %s has stopped: %s", name, sentence)
        cursor = StoredCursor(self._pool, name)
        with contextlib.suppress(*TRANSIENT):
            await cursor.fail(await cursor.read(), sentence)


async def _follow(follower: Follower[Any], events: int, stop: asyncio.Event) -> None:
    failures, pause = 0, POLL
    while not stop.is_set():
        try:
            pause = _pause(await _step(follower), events, pause)
            failures = 0
        except TRANSIENT as error:
            failures += 1
            if failures == TRIES:
                raise
            pause = FIRST_PAUSE * 2 ** (failures - 1)
            _LOGGER.warning("%s: PostgreSQL: %s", follower.projection.name, reason(error))
        await _wait(stop, pause)


async def _step(follower: Follower[Any]) -> int | None:
    """Events handled; none where another projector moves the view."""
    generation = (await follower.cursor()).generation
    try:
        return await follower.step()
    except CursorMovedError:
        return None if (await follower.cursor()).generation == generation else 1


def _pause(handled: int | None, limit: int, last: float) -> float:
    """Seconds until the next step: none while there is more to do."""
    if handled is None:
        return STANDBY
    if handled == limit:
        return 0
    return POLL if handled else min(max(last, POLL) * 1.5, IDLE_POLL)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
