"""One endpoint's turn: fetch what is due, send it, write down what became of it; then the next.

Nothing of a delivery is written before it is sent, since the endpoint is ours alone; whatever is in
hand when this process dies is still pending in the queue.
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple, TypeVar

from services.runtime.patience import patiently
from services.webhooks import breaker, schedule
from services.webhooks.endpoints import Cause, Endpoints, UnknownEndpointError
from services.webhooks.payload import body
from services.webhooks.queue import Claimed, Due, Outcome, Queue, Settled
from services.webhooks.requests import Answer, Requests
from services.webhooks.results import Results
from services.webhooks.signing import sign
from services.webhooks.urls import UrlRefusedError, check_url, host_of

FRESH_SECONDS = 2.0
"""What was fetched longer ago is fetched again: an erased person's name goes out no more."""
AHEAD = 8
"""So many deliveries are in hand for each request that may be under way ..."""
MOST_AHEAD = 512
"""... and so many at the most."""
FIRST_ALLOWED = 2
"""Requests under way at first, one more with each success: a receiver that hangs holds up two."""
GONE = 410
ASKS_TO_WAIT = {429, 503}
AGENT = "Coursemark-Webhooks/1"
WHAT = "the webhook dispatcher"

T = TypeVar("T")
log = logging.getLogger(__name__)


class Tools(NamedTuple):
    """What all turns of a dispatcher share. ``slots``: requests under way, of all endpoints."""

    queue: Queue
    endpoints: Endpoints
    requests: Requests
    results: Results
    slots: asyncio.Semaphore
    clock: Callable[[], datetime]
    chance: random.Random
    patience_seconds: float


class Turn:
    """Until nothing is due, the breaker opens, the lease is lost or the time is over."""

    def __init__(self, held: Claimed, tools: Tools, *, leased_to: float, ends: float) -> None:
        """``leased_to``, ``ends``: by the loop's clock."""
        self.held = held
        self._tools = tools
        self._leased_to, self._ends = leased_to, ends
        self._health = held.health
        self._allowed = 1 if held.health.failures else min(FIRST_ALLOWED, held.concurrency)
        self._ahead = min(MOST_AHEAD, AHEAD * held.concurrency)
        self._ready: deque[Due] = deque()
        self._fetched = self._next_send = 0.0
        self._in_hand: set[int] = set()
        self._under_way: set[asyncio.Task[None]] = set()
        self._look, self._after = True, ""
        self._stopped = False
        self._cause: Cause | None = None
        self._news = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._refused: str | None = None
        try:
            self._url = check_url(held.url, allow_private=held.allow_private)
        except UrlRefusedError:
            self._refused = UrlRefusedError.code

    def look(self) -> None:
        """There may be something new."""
        self._look = True
        self._news.set()

    def stop(self) -> None:
        """Send nothing more; what is under way is finished."""
        self._stopped = True
        self._news.set()

    @property
    def is_overdue(self) -> bool:
        """Whether its time is up."""
        return self._loop.time() > self._ends

    def kept_to(self, leased_to: float) -> None:
        """The lease was renewed."""
        self._leased_to = leased_to

    async def run(self) -> None:
        """Take the turn, and give the endpoint back.

        Raises:
            OutOfPatienceError: PostgreSQL stayed away.
        """
        while True:
            wait = self._send()
            if self._wants_more():
                await self._fetch()
            elif self._in_hand:
                await self._hear(wait)
            else:
                break
        if self._cause is not None:
            await self._disable(self._cause)
        await self._patiently(
            lambda: self._tools.queue.end(self.held, self._health, self._tools.clock())
        )

    def _goes_on(self) -> bool:
        return not (
            self._stopped
            or self._cause
            or self._loop.time() > min(self._ends, self._leased_to)
            or self._health.is_open(self._tools.clock())
        )

    def _limit(self) -> int:
        """Requests that may be under way now."""
        return 1 if self._health.probes else self._allowed

    def _send(self) -> float | None:
        """Begin what may begin now; returns the seconds until the rate allows the next."""
        now = self._loop.time()
        if self._ready and (not self._goes_on() or now > self._fetched + FRESH_SECONDS):
            self._in_hand -= {it.seq for it in self._ready}
            self._ready.clear()
            self._look = True
        while self._ready and len(self._under_way) < self._limit():
            if self.held.rate is not None:
                if now < self._next_send:
                    return self._next_send - now
                self._next_send = now + 1 / self.held.rate
            task = asyncio.create_task(self._one(self._ready.popleft()))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        return None

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._news.set()

    def _wants_more(self) -> bool:
        room = self._ahead - len(self._in_hand)
        enough = len(self._ready) > self._ahead // 4 or room < self._ahead // 4
        if self._health.probes:
            enough = bool(self._in_hand)
        return self._look and not enough and self._goes_on()

    async def _fetch(self) -> None:
        limit = 1 if self._health.probes else self._ahead - len(self._in_hand)
        if self.held.rate is not None:
            limit = min(limit, max(1, round(self.held.rate * FRESH_SECONDS)))
        self._look = False
        found = await self._patiently(
            lambda: self._tools.queue.fetch(
                self.held, self._tools.clock(), self._in_hand, limit, self._after
            )
        )
        full = len(found) == limit
        self._look |= full or self._after != ""  # from the first learner again
        self._after = found[-1].key if full and self.held.ordered else ""
        self._ready.extend(found)
        self._in_hand |= {it.seq for it in found}
        self._fetched = self._loop.time()

    async def _hear(self, wait: float | None) -> None:
        """Wait for news, or until the rate allows the next request."""
        try:
            async with asyncio.timeout(wait):
                await self._news.wait()
        except TimeoutError:
            return
        self._news.clear()

    async def _one(self, due: Due) -> None:
        """One attempt."""
        async with self._tools.slots:
            at, begun = self._tools.clock(), self._loop.time()
            try:
                answer = await self._attempt(due, at)
            except Exception:
                log.exception("the message %s failed for a fault of ours", due.message)
                answer = Answer(None, "internal_error")
            milliseconds = round((self._loop.time() - begun) * 1_000)
        state, next_at = self._judge(due.attempts + 1, answer)
        settled = Settled(
            *(self.held.endpoint, due.seq, self.held.lease, state, due.attempts + 1, next_at, at),
            *(answer.status, answer.code, milliseconds, answer.body),
        )
        self._tools.results.add(settled, self._written)

    async def _attempt(self, due: Due, at: datetime) -> Answer:
        if self._refused is not None:
            return Answer(None, self._refused)
        sent = body(self.held.kind, due.body, due.name, due.email)
        timestamp = int(at.timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            "webhook-id": due.message,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(self.held.secrets, due.message, timestamp, sent),
        }
        return await self._tools.requests.post(
            self._url, headers, sent, allow_private=self.held.allow_private
        )

    def _judge(self, attempts: int, answer: Answer) -> tuple[Outcome, datetime]:
        """What becomes of a delivery, and what the answer says of its endpoint."""
        now = self._tools.clock()
        if answer.code is None:
            self._health = breaker.CLOSED
            self._allowed = min(self._allowed + 1, self.held.concurrency)
            return "delivered", now
        if answer.status == GONE:
            self._cause = "gone"
            return "parked", now
        if answer.status is None:
            self._allowed = 1
        self._health = self._health.failed(now, self._tools.chance)
        wait = schedule.pause(attempts, self._tools.chance)
        if answer.status in ASKS_TO_WAIT:
            asked = schedule.asked(answer.retry_after, now)
            if asked is not None:
                self._health = self._health.asked_to_wait(now + asked)
                wait = None if wait is None else max(wait, asked)
        if self._health.is_dead(now):
            self._cause = self._cause or "failing"
        return ("parked", now) if wait is None else ("pending", now + wait)

    def _written(self, settled: Settled) -> None:
        self._in_hand.discard(settled.seq)
        self._look |= self.held.ordered  # the next of the same learner is free
        self._news.set()

    async def _disable(self, cause: Cause) -> None:
        held, now = self.held, self._tools.clock()
        try:
            parked = await self._patiently(
                lambda: self._tools.endpoints.disable(held.school, held.endpoint, now, cause)
            )
        except UnknownEndpointError:
            return  # somebody has removed it meanwhile
        log.warning(
            "%s: endpoint %s at %s is disabled (%s), %d messages are parked",
            *(held.school, held.endpoint, host_of(held.url), cause, parked),
        )

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        return await patiently(work, self._tools.patience_seconds, WHAT)
