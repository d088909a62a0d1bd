"""A school's endpoints: made, shown, disabled, enabled, removed. Every call is of one school."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import asyncpg

from contracts.api.webhooks import EndpointAsked
from contracts.webhooks import Trigger
from services.webhooks.signing import new_secret, written
from services.webhooks.sql import query
from services.webhooks.urls import check_url

Kind = Literal["webhook", "zapier"]
State = Literal["enabled", "disabled"]
Cause = Literal["administrator", "gone", "failing"]
Completions = Literal["all", "manual", "not_manual"]
MOST = 200
"""Endpoints of one school and kind."""
ZAPIER_RATE = 30.0
"""Requests a second that Zapier takes for one hook."""


class Wanted(NamedTuple):
    """What an endpoint is to be.

    ``triggers`` and ``courses``: None lets every one through. ``completions``: whose completions
    are told; what is no completion passes ``not_manual``, and does not pass ``manual``, but for
    undos, which pass each.
    ``ordered``: one learner's messages arrive in order. ``concurrency``: requests at one time.
    ``rate``: requests a second at the most; None: as many as there are.
    """

    url: str
    kind: Kind = "webhook"
    description: str | None = None
    triggers: Sequence[Trigger] | None = None
    courses: Sequence[str] | None = None
    completions: Completions = "all"
    ordered: bool = False
    concurrency: int = 16
    rate: float | None = None


def wanted(asked: EndpointAsked) -> Wanted:
    """A webhook's endpoint as an administrator asks for it."""
    return Wanted(**{name: getattr(asked, name) for name in EndpointAsked.model_fields})


class Endpoint(NamedTuple):
    """An endpoint as it stands; no secret is in it."""

    endpoint: str
    school: str
    kind: Kind
    url: str
    description: str | None
    triggers: list[Trigger] | None
    courses: list[str] | None
    completions: Completions
    ordered: bool
    concurrency: int
    rate: float | None
    created_at: datetime
    state: State
    cause: Cause | None
    disabled_at: datetime | None
    failing_since: datetime | None


class Made(NamedTuple):
    """A new endpoint, or a new secret: the only time that the secret is shown."""

    endpoint: str
    secret: str


class UnknownEndpointError(Exception):
    """``unknown_endpoint``: the school has none of that id."""

    code = "unknown_endpoint"

    def __init__(self, school: str, endpoint: str) -> None:
        super().__init__(
            f"{school} has no endpoint {endpoint}; see `coursemark webhooks list {school}`."
        )


class TooManyEndpointsError(Exception):
    """``too_many_endpoints``: the school has as many as it may."""

    code = "too_many_endpoints"


class Endpoints:
    """Reads and writes endpoints; instants come from the caller."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def create(
        self,
        school: str,
        wanted: Wanted,
        now: datetime,
        *,
        secret: bytes | None = None,
        endpoint: str | None = None,
    ) -> Made:
        """Make an endpoint; it gets what is queued from now on.

        Raises:
            UrlRefusedError: nothing may be sent to the URL.
            TooManyEndpointsError: the school has as many as it may.
            UniqueViolationError: there is one of that id.
        """
        check_url(wanted.url, allow_private=await self.allows_private(school))
        if len(await self.list(school, wanted.kind)) >= MOST:
            raise TooManyEndpointsError(
                f"{school} has {MOST} endpoints of this kind; remove one that is not needed."
            )
        endpoint, signed_by = endpoint or _new_id(), secret or new_secret()
        rate = ZAPIER_RATE if wanted.kind == "zapier" and wanted.rate is None else wanted.rate
        await self._pool.execute(
            query("endpoint_create"),
            *(endpoint, school, wanted.kind, wanted.url, wanted.description),
            None if wanted.triggers is None else list(wanted.triggers),
            None if wanted.courses is None else list(wanted.courses),
            *(wanted.completions, wanted.ordered, wanted.concurrency, rate, now, signed_by),
        )
        return Made(endpoint, written(signed_by))

    async def change(self, school: str, endpoint: str, wanted: Wanted) -> None:
        """Let a webhook's endpoint be that from now on; its secret and its messages stay.

        Raises:
            UrlRefusedError: nothing may be sent to the URL.
            UnknownEndpointError: the school has no webhook's endpoint of that id.
        """
        check_url(wanted.url, allow_private=await self.allows_private(school))
        changed = await self._pool.fetchval(
            query("endpoint_change"),
            *(school, endpoint, wanted.url, wanted.description),
            None if wanted.triggers is None else list(wanted.triggers),
            None if wanted.courses is None else list(wanted.courses),
            *(wanted.completions, wanted.ordered, wanted.concurrency, wanted.rate),
        )
        if changed is None:
            raise UnknownEndpointError(school, endpoint)

    async def list(self, school: str, kind: Kind | None = None) -> list[Endpoint]:
        """The school's endpoints, the oldest first."""
        rows = await self._pool.fetch(query("endpoints_of_school"), school, kind, None)
        return [Endpoint(*row) for row in rows]

    async def get(self, school: str, endpoint: str) -> Endpoint:
        """One endpoint.

        Raises:
            UnknownEndpointError: the school has none of that id.
        """
        rows = await self._pool.fetch(query("endpoints_of_school"), school, None, endpoint)
        if not rows:
            raise UnknownEndpointError(school, endpoint)
        return Endpoint(*rows[0])

    async def enable(
        self, school: str, endpoint: str, now: datetime, *, leave_parked: bool = False
    ) -> int:
        """Let it get messages again; returns how many parked ones are sent now.

        Raises:
            UnknownEndpointError: the school has none of that id.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await _lock(connection, school, endpoint)
            await connection.execute(query("endpoint_enable"), endpoint)
            if leave_parked:
                return 0
            return _count(await connection.execute(query("endpoint_unpark"), endpoint, now))

    async def disable(
        self, school: str, endpoint: str, now: datetime, cause: Cause = "administrator"
    ) -> int:
        """Send it nothing more; returns how many waiting messages are parked.

        Where Coursemark did it by itself, a notice for the administrators becomes due with it.

        Raises:
            UnknownEndpointError: the school has none of that id.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await _lock(connection, school, endpoint)
            await connection.execute(
                query("endpoint_disable"), endpoint, cause, now, cause != "administrator"
            )
            return _count(await connection.execute(query("endpoint_park"), endpoint, now))

    async def remove(self, school: str, endpoint: str) -> None:
        """Remove it with its deliveries and their log.

        Raises:
            UnknownEndpointError: the school has none of that id.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await _lock(connection, school, endpoint)
            await connection.execute(query("endpoint_remove"), endpoint)

    async def rotate(
        self,
        school: str,
        endpoint: str,
        now: datetime,
        overlap: timedelta,
        *,
        secret: bytes | None = None,
    ) -> Made:
        """Give it a new secret; the old ones sign beside it until the overlap is over.

        Raises:
            UnknownEndpointError: the school has none of that id.
        """
        signed_by = secret or new_secret()
        async with self._pool.acquire() as connection, connection.transaction():
            await _lock(connection, school, endpoint)
            await connection.execute(query("secret_expire"), endpoint, now + overlap)
            await connection.execute(query("secret_add"), endpoint, signed_by, now)
            await connection.execute(query("secrets_drop"), now)
        return Made(endpoint, written(signed_by))

    async def allows_private(self, school: str) -> bool:
        """Whether the school's settings allow private networks and plain http, for tests."""
        allowed: bool | None = await self._pool.fetchval(query("school_allows"), school)
        return allowed is True

    async def allow_private(self, school: str, *, allowed: bool) -> None:
        """Set that."""
        await self._pool.execute(query("school_put"), school, allowed)


def _new_id() -> str:
    return f"ep_{secrets.token_hex(12)}"


async def _lock(connection: asyncpg.Connection, school: str, endpoint: str) -> None:
    if await connection.fetchval(query("endpoint_lock"), school, endpoint) is None:
        raise UnknownEndpointError(school, endpoint)


def _count(status: str) -> int:
    """Rows, of PostgreSQL's command status ("UPDATE 3")."""
    return int(status.rpartition(" ")[2])
