"""All views of a log, each followed on its own: one that stops leaves the others going."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from projections.definition import Projection
from projections.registry import PROJECTIONS
from services.projector.check import check
from services.projector.checked import Checked
from services.projector.cursors import StoredCursor
from services.projector.errors import (
    PoisonEventError,
    ProjectionError,
    RebuildRunningError,
    UnknownViewError,
    ViewVersionError,
    reason,
)
from services.projector.feed import Feed
from services.projector.follower import Follower, Limits
from services.projector.following import STANDBY, follow
from services.projector.patience import patiently, unless_stopped
from services.projector.prepare import is_to_be_built, prepare
from services.projector.rebuild import Rebuilt, rebuild
from services.projector.views import View
from services.runtime.collecting import few_collections
from services.runtime.pausing import until_set
from services.store.failures import PASSING, passes
from services.store.log import EventLog
from services.store.skips import goes_on
from services.views.standing import Standing, standings

_LOGGER = logging.getLogger(__name__)

LOOK = 1.0
"""Seconds between two looks whether a view that has stopped may go on."""


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
        self._building = asyncio.Lock()

    async def catch_up(self, *names: str) -> int:
        """Bring views, all of them by default, to the end of the log; how many events it took.

        Raises:
            ProjectionError: one of them cannot go on.
        """
        with few_collections():
            feed = Feed(self._log)
            try:
                return sum([await self._catch_up(n, feed) for n in names or self._projections])
            finally:
                await feed.close()

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until told to stop; a view that cannot go on leaves the others going.

        It waits until it may: until its event is skipped, its error cleared, or it is rebuilt.

        Raises:
            Exception: PostgreSQL stayed away, for every one of them.
        """
        with few_collections():
            feed = Feed(self._log)
            following = [self._run_one(name, feed, stop) for name in self._projections]
            outcomes = await asyncio.gather(*following)
            await feed.close()
        failures = [it for it in outcomes if it is not None]
        if failures and len(failures) == len(self._projections):
            raise failures[0]

    async def rebuild(self, name: str, on_progress: Callable[[int], None] | None = None) -> Rebuilt:
        """Build a view anew beside the old one, which serves until the swap.

        Raises:
            ProjectionError: it cannot be built; the old view is as it was.
        """
        return await rebuild(self._log, self._known(name), self._limits, on_progress)

    async def check(self, name: str, on_progress: Callable[[int], None] | None = None) -> Checked:
        """Hold a view against the log."""
        return await check(self._log, self._known(name), on_progress)

    async def statuses(self) -> list[Standing]:
        """How far each view is."""
        return await standings(self._log, self._projections.values(), {})

    def _known(self, name: str) -> Projection[Any]:
        if name not in self._projections:
            raise UnknownViewError(
                f"no view is named {name}; there are {', '.join(self._projections)}"
            )
        return self._projections[name]

    def _follower(self, name: str, feed: Feed) -> Follower[Any]:
        view = View(self._pool, self._known(name), name)
        return Follower(feed, view, StoredCursor(self._pool, name), self._limits)

    async def _catch_up(self, name: str, feed: Feed) -> int:
        await self._prepare(name)
        follower = self._follower(name, feed)
        handled = 0
        while count := await follower.step():
            handled += count
        feed.leave(name)
        return handled

    async def _run_one(self, name: str, feed: Feed, stop: asyncio.Event) -> Exception | None:
        """Follow one view; what ended it, none where it was told to stop."""
        follower = self._follower(name, feed)
        while not stop.is_set():
            try:
                await self._prepare_when_free(name, stop)
                await follow(follower, stop)
            except Exception as error:  # noqa: BLE001 - it stops this view alone, and is reported
                feed.leave(name)
                try:
                    await self._report(name, error)
                    await self._until_it_may(name, error, stop)
                except PASSING as away:
                    return away
        feed.leave(name)
        return None

    async def _until_it_may(self, name: str, error: Exception, stop: asyncio.Event) -> None:
        """Wait until what stopped a view is gone.

        Raises:
            Exception: the error itself, where PostgreSQL stays away.
        """
        if passes(error):
            raise error
        while not await until_set(stop, LOOK):
            if await patiently(partial(self._may_go_on, name, error), stop):
                _LOGGER.info("projection %s tries again", name)
                return

    async def _may_go_on(self, name: str, error: Exception) -> bool:
        if isinstance(error, ViewVersionError):  # no fault of the view's, and not written down
            wanted = self._known(name).version
            return (await StoredCursor(self._pool, name).read()).version == wanted
        return await goes_on(self._pool, name, error)

    async def _prepare_when_free(self, name: str, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                preparing = patiently(partial(self._prepare, name), stop)
                await unless_stopped(preparing, stop)
            except RebuildRunningError:
                await until_set(stop, STANDBY)
            else:
                return

    async def _prepare(self, name: str) -> None:
        view = self._log, self._known(name), self._limits
        if await is_to_be_built(*view):  # the others follow meanwhile
            async with self._building:  # two rebuilds at once would take each other's cores
                await prepare(*view)

    async def _report(self, name: str, error: Exception) -> None:
        sentence = str(error) if isinstance(error, ProjectionError) else reason(error)
        _LOGGER.error("projection %s has stopped: %s", name, sentence)
        if isinstance(error, ViewVersionError):  # whoever keeps the view has no fault
            return
        cursor = StoredCursor(self._pool, name)
        event = error.position if isinstance(error, PoisonEventError) else None
        with contextlib.suppress(*PASSING):
            stands = await cursor.read()
            ours = stands.version == self._known(name).version
            if event is not None and ours and event <= stands.position:
                return  # another projector has passed it meanwhile
            await cursor.fail(stands, sentence, event)
