"""The queue in PostgreSQL: what is to be delivered where, and who has which endpoint.

A dispatcher takes whole endpoints, by a lease on the endpoint's turn (FOR UPDATE SKIP LOCKED). So
rate, concurrency, breaker and order hold for an endpoint however many dispatchers there are, and a
delivery is written once, with what became of it. A lease that is not renewed ends by itself: what
its dispatcher had in hand is still pending, and comes again under the same id.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

import asyncpg

from services.webhooks.breaker import Health
from services.webhooks.endpoints import Kind
from services.webhooks.sql import query

Outcome = Literal["delivered", "pending", "parked"]


class Claimed(NamedTuple):
    """An endpoint that is ours until the lease ends; its secrets are in no representation."""

    endpoint: str
    school: str
    kind: Kind
    url: str
    ordered: bool
    concurrency: int
    rate: float | None
    lease: UUID
    allow_private: bool
    health: Health
    secrets: Sequence[bytes]

    def __repr__(self) -> str:
        return f"Claimed({self.endpoint} of {self.school})"


class Due(NamedTuple):
    """A delivery, with the learner as the directory had them when it was read."""

    seq: int
    attempts: int
    message: str
    key: str
    body: bytes
    name: str | None
    email: str | None

    def __repr__(self) -> str:
        return f"Due({self.message})"


class Settled(NamedTuple):
    """What became of an attempt. ``answer``: the first bytes of the body."""

    endpoint: str
    seq: int
    lease: UUID
    state: Outcome
    attempts: int
    next_at: datetime
    at: datetime
    status: int | None
    code: str | None
    milliseconds: int
    answer: bytes | None


class Queue:
    """Reads and writes; each call is one statement."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def claim(
        self,
        lease: UUID,
        now: datetime,
        until: datetime,
        limit: int,
        only: Collection[str] | None = None,
    ) -> list[Claimed]:
        """Take up to so many endpoints that have something due."""
        wanted = None if only is None else list(only)
        rows = await self._pool.fetch(query("claim"), lease, now, until, wanted, limit)
        return [_claimed(row) for row in rows]

    async def renew(
        self, held: Collection[tuple[str, UUID]], until: datetime
    ) -> Collection[tuple[str, UUID]]:
        """Keep endpoints until then; returns those that are another's by now."""
        columns = [it[0] for it in held], [it[1] for it in held]
        kept = {row[0] for row in await self._pool.fetch(query("renew"), *columns, until)}
        return [it for it in held if it[0] not in kept]

    async def end(self, held: Claimed, health: Health, now: datetime) -> None:
        """Give an endpoint back, with how it does."""
        await self._pool.execute(query("turn_end"), held.endpoint, held.lease, now, *health)

    async def fetch(
        self, held: Claimed, now: datetime, in_hand: Collection[int], limit: int, after: str = ""
    ) -> list[Due]:
        """What is due; where the endpoint wants order, of learners after that one alone."""
        arguments = held.endpoint, now, list(in_hand), limit
        if held.ordered:
            rows = await self._pool.fetch(query("fetch_ordered"), *arguments, after)
        else:
            rows = await self._pool.fetch(query("fetch"), *arguments)
        return [Due(*row) for row in rows]

    async def settle(self, settled: Sequence[Settled]) -> None:
        """Write down what became of attempts, all of them in one statement."""
        await self._pool.execute(query("settle"), *map(list, zip(*settled, strict=True)))


def _claimed(row: asyncpg.Record) -> Claimed:
    *endpoint, failures, failing_since, open_until, secrets = row
    health = Health(failures, failing_since, open_until)
    return Claimed._make((*endpoint, health, secrets))
