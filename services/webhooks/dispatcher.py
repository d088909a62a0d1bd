"""Takes endpoints and gives each its turn, as many at once as there are; keeps the leases."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from services.runtime.patience import patiently
from services.runtime.pausing import until_set
from services.runtime.together import together
from services.webhooks.endpoints import Endpoints
from services.webhooks.queue import Claimed, Queue
from services.webhooks.requests import Requests
from services.webhooks.results import Results
from services.webhooks.turn import WHAT, Tools, Turn

LEASE_SECONDS = 30.0
"""Twice as long as a request may take; what a dispatcher that died had in hand comes again then."""
RENEWED, SAFE = 1 / 4, 1 / 6
"""Of a lease: it is renewed so often, and nothing is sent so shortly before its end."""
TURN_SECONDS = 30.0
"""About so long an endpoint that always has something due is one dispatcher's; then another may
see it first."""
LOOK_SECONDS = 0.5
"""Between two looks for what is due where nobody wakes us."""
MOST_TURNS = 256
MOST_REQUESTS = 512
"""Under way at one time, of all endpoints; a process may have about 1,000 connections."""

T = TypeVar("T")


class Dispatcher:
    """Sends what is in the queue; several share it."""

    def __init__(
        self,
        queue: Queue,
        endpoints: Endpoints,
        requests: Requests,
        *,
        clock: Callable[[], datetime],
        patience_seconds: float,
        most_turns: int = MOST_TURNS,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        chance = random.Random()  # noqa: S311 - spreads tries, no secret
        self._results = Results(queue.settle, patience_seconds)
        self._tools = Tools(
            *(queue, endpoints, requests, self._results, asyncio.Semaphore(MOST_REQUESTS)),
            *(clock, chance, patience_seconds),
        )
        self._most_turns = most_turns
        self._lease = timedelta(seconds=lease_seconds)
        self._turns: dict[str, tuple[Turn, asyncio.Task[None]]] = {}
        self._woken: set[str] = set()
        self._looked = 0.0
        self._news = asyncio.Event()
        self._over = asyncio.Event()

    def wake(self, endpoints: Collection[str]) -> None:
        """These have something new."""
        for endpoint in endpoints:
            if endpoint in self._turns:
                self._turns[endpoint][0].look()
            else:
                self._woken.add(endpoint)
                self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until ``stop`` is set; what is under way then is finished and written down.

        Raises:
            OutOfPatienceError: PostgreSQL stayed away.
        """
        self._over.clear()
        await together(
            stop, self._take_turns, self._keep_leases, lambda _: self._results.run(self._over)
        )

    async def once(self) -> int:
        """Take what is due now and see it through; returns how many turns there were."""
        self._over.clear()
        writing = asyncio.create_task(self._results.run(self._over))
        try:
            begun = await self._claim(None)
        finally:
            await self._finish()
            await writing
        self._reap()
        return begun

    async def _take_turns(self, ending: asyncio.Event) -> None:
        over = asyncio.ensure_future(ending.wait())
        try:
            only: Collection[str] | None = None
            while not ending.is_set():
                await self._claim(only)
                only = await self._hear(over)
        finally:
            over.cancel()
            for turn, _ in self._turns.values():
                turn.stop()
            await self._finish()
        self._reap()

    async def _claim(self, only: Collection[str] | None) -> int:
        """Take what is free and due, and begin its turns; returns how many."""
        room = self._most_turns - len(self._turns)
        if room <= 0:
            return 0
        leased_to, lease, now = self._leased_to(), uuid4(), self._tools.clock()
        until = now + self._lease
        claimed = await self._patiently(
            lambda: self._tools.queue.claim(lease, now, until, room, only)
        )
        for held in claimed:
            self._begin(held, leased_to)
        return len(claimed)

    def _begin(self, held: Claimed, leased_to: float) -> None:
        ends = asyncio.get_running_loop().time()
        ends += TURN_SECONDS * self._tools.chance.uniform(0.7, 1.3)
        turn = Turn(held, self._tools, leased_to=leased_to, ends=ends)
        task = asyncio.create_task(turn.run(), name=f"turn of {held.endpoint}")
        self._turns[held.endpoint] = turn, task
        task.add_done_callback(lambda _: self._news.set())

    async def _hear(self, over: asyncio.Future[Any]) -> Collection[str] | None:
        """Wait for news; returns the endpoints to look at, None for all.

        However much news there is, all are looked at now and then: what is due again is no news.
        """
        loop = asyncio.get_running_loop()
        news = asyncio.ensure_future(self._news.wait())
        left = max(self._looked + LOOK_SECONDS - loop.time(), 0)
        await asyncio.wait((news, over), timeout=left, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()
        self._news.clear()
        was_full = len(self._turns) >= self._most_turns
        woken, self._woken = self._woken | self._reap(), set()
        if not was_full and loop.time() < self._looked + LOOK_SECONDS:
            return woken
        self._looked = loop.time()
        return None

    def _reap(self) -> set[str]:
        """Forget turns that are over; returns the endpoints that may have more due.

        One whose time was up while there are others is left to whoever looks next.

        Raises:
            Exception: what one of them failed with.
        """
        ended = [it for it, (_, task) in self._turns.items() if task.done()]
        more: set[str] = set()
        for endpoint in ended:
            turn, task = self._turns.pop(endpoint)
            task.result()
            if not (turn.is_overdue and self._turns):
                more.add(endpoint)
        return more

    async def _keep_leases(self, ending: asyncio.Event) -> None:
        while not ending.is_set():
            await until_set(ending, (self._lease * RENEWED).total_seconds())
            if self._turns:
                await self._renew()

    async def _renew(self) -> None:
        leased_to, until = self._leased_to(), self._tools.clock() + self._lease
        turns = {(it.held.endpoint, it.held.lease): it for it, _ in self._turns.values()}
        lost = await self._patiently(lambda: self._tools.queue.renew(list(turns), until))
        for key, turn in turns.items():
            if key in lost:
                turn.stop()
            else:
                turn.kept_to(leased_to)

    def _leased_to(self) -> float:
        """Until when a lease that is asked for now may be used, by the loop's clock."""
        return asyncio.get_running_loop().time() + (self._lease * (1 - SAFE)).total_seconds()

    async def _finish(self) -> None:
        """See the turns through that are under way, then let the results end."""
        tasks = [task for _, task in self._turns.values()]
        ended = asyncio.ensure_future(asyncio.gather(*tasks, return_exceptions=True))
        gave_up = asyncio.ensure_future(self._results.gave_up.wait())
        await asyncio.wait((ended, gave_up), return_when=asyncio.FIRST_COMPLETED)
        gave_up.cancel()
        for task in tasks:
            task.cancel()  # only where nothing can be written down any more
        await asyncio.gather(*tasks, return_exceptions=True)
        self._over.set()

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        return await patiently(work, self._tools.patience_seconds, WHAT)
