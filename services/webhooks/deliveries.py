"""What became of an endpoint's messages: shown, sent again, and a test event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, get_args
from uuid import uuid4

import asyncpg

from contracts.api.webhooks import Resend
from contracts.webhooks import Webhook, WebhookData, WebhookUser, Zap
from services.webhooks.endpoints import Endpoint, Endpoints
from services.webhooks.sql import query

State = Literal["pending", "delivered", "parked"]
NOBODY = "test"
"""The learner of a test event."""


class Delivery(NamedTuple):
    """A message for an endpoint. ``next_at``: none unless it is pending."""

    message: str
    trigger: str
    learner: str
    state: State
    attempts: int
    code: str | None
    next_at: datetime | None
    changed_at: datetime


class Attempt(NamedTuple):
    """One request. ``answer``: the first bytes of the body, whatever they are."""

    at: datetime
    status: int | None
    code: str | None
    milliseconds: int
    answer: bytes | None


def answer(it: Attempt) -> str:
    """An answer's beginning on one line; what cannot be printed is escaped."""
    text = (it.answer or b"").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class Chosen(NamedTuple):
    """Which deliveries: one message, or what came in a time; none of both: all."""

    message: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    states: Sequence[State] = ("parked",)


def chosen(asked: Resend) -> Chosen:
    """Those that are asked for: a message in whatever state it is, else what failed."""
    states: tuple[State, ...] = ("parked", "delivered") if asked.delivered else ("parked",)
    if asked.message is not None:
        states = get_args(State)
    return Chosen(asked.message, asked.since, asked.until, states)


class EndpointDisabledError(Exception):
    """``endpoint_disabled``: nothing is sent to it until it is enabled."""

    code = "endpoint_disabled"

    def __init__(self, school: str, endpoint: str) -> None:
        super().__init__(
            f"The endpoint {endpoint} is disabled; enable it first: "
            f"`coursemark webhooks enable {school} {endpoint}`."
        )


class Deliveries:
    """Reads, and sends again; every call is of one school."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._endpoints = Endpoints(pool)

    async def of(
        self,
        school: str,
        endpoint: str,
        *,
        state: State | None = None,
        message: str | None = None,
        limit: int = 50,
    ) -> list[Delivery]:
        """The newest first.

        Raises:
            UnknownEndpointError: the school has none of that id.
        """
        await self._endpoints.get(school, endpoint)
        found = await self._page(endpoint, state, message, limit, None)
        return [delivery for _, delivery in found]

    async def page(
        self, school: str, endpoint: str, state: State | None, before: int | None, limit: int
    ) -> list[tuple[int, Delivery]]:
        """The newest first, each with its place; ``before``: those after the one of that place.

        Raises:
            UnknownEndpointError: the school has none of that id.
        """
        await self._endpoints.get(school, endpoint)
        return await self._page(endpoint, state, None, limit, before)

    async def _page(
        self,
        endpoint: str,
        state: State | None,
        message: str | None,
        limit: int,
        before: int | None,
    ) -> list[tuple[int, Delivery]]:
        asked = endpoint, state, message, limit, before
        rows = await self._pool.fetch(query("deliveries_of_endpoint"), *asked)
        return [(place, Delivery(*rest)) for *rest, place in rows]

    async def attempts(self, school: str, endpoint: str, message: str) -> list[Attempt]:
        """Every attempt to deliver a message, the first one first.

        Raises:
            UnknownEndpointError: the school has none of that id.
        """
        await self._endpoints.get(school, endpoint)
        rows = await self._pool.fetch(query("attempts_of_delivery"), endpoint, message)
        return [Attempt(*row) for row in rows]

    async def counts(self, school: str, endpoint: str) -> Mapping[str, int]:
        """Deliveries by state.

        Raises:
            UnknownEndpointError: the school has none of that id.
        """
        await self._endpoints.get(school, endpoint)
        return dict(await self._pool.fetch(query("states_of_endpoint"), endpoint))

    async def resend(self, school: str, endpoint: str, chosen: Chosen, now: datetime) -> int:
        """Send again, under the same ids, with all attempts before them; returns how many.

        Raises:
            UnknownEndpointError: the school has none of that id.
            EndpointDisabledError: it has to be enabled first.
        """
        await self._enabled(school, endpoint)
        done = await self._pool.execute(
            query("resend"),
            *(endpoint, chosen.message, chosen.since, chosen.until, list(chosen.states), now),
        )
        return int(done.rpartition(" ")[2])

    async def test(self, school: str, endpoint: str, now: datetime) -> str:
        """Queue a test event for this endpoint alone, whatever it asks for; returns its id.

        Raises:
            UnknownEndpointError: the school has none of that id.
            EndpointDisabledError: it has to be enabled first.
        """
        kind = (await self._enabled(school, endpoint)).kind
        id_ = f"msg_{uuid4().hex}"
        it = (_test_webhook if kind == "webhook" else _test_zap)(school, id_, now)
        row = [school], [kind], [id_], [NOBODY], ["test"], [it.to_json()], [None]
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(query("messages_put"), *row, now)
            await connection.execute(query("deliveries_put"), [endpoint], [kind], [id_], now)
        return id_

    async def _enabled(self, school: str, endpoint: str) -> Endpoint:
        found = await self._endpoints.get(school, endpoint)
        if found.state == "disabled":
            raise EndpointDisabledError(school, endpoint)
        return found


def _test_webhook(school: str, id_: str, now: datetime) -> Webhook:
    return Webhook(
        type="test",
        trigger="test",
        school_id=school,
        id=id_,
        event_id=id_,
        occurred_at=now,
        data=WebhookData(user=WebhookUser(id=NOBODY)),
    )


def _test_zap(school: str, id_: str, now: datetime) -> Zap:
    return Zap(
        id=id_, event_id=id_, trigger="test", school_id=school, occurred_at=now, user_id=NOBODY
    )
