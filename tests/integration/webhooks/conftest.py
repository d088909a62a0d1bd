"""Endpoints, a queue and dispatchers on a real PostgreSQL; a clock that tests move."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest_asyncio

from contracts import topics, webhooks
from contracts.directory import User
from contracts.webhooks import Webhook, WebhookCourse, WebhookData, WebhookUser, Zap
from services.publisher.fanout.messages import About, message
from services.runtime.bus.client import Connection
from services.store.directory import Directory
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.webhooks.dispatcher import Dispatcher
from services.webhooks.endpoints import Endpoints, Wanted
from services.webhooks.intake import Intake
from services.webhooks.queue import Queue
from services.webhooks.requests import Limits, Requests
from tests.support.records import received
from tests.support.servers import fresh_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from contracts.webhooks import Trigger
    from services.runtime.embedded import EmbeddedPostgres

SCHOOL = "riverside"
SOON = Limits(total=1, connect=1)
"""Where a receiver hangs and a test waits for it."""


@dataclass
class Clock:
    """The time, moved by tests alone; it begins now, since receivers compare."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Office:
    """What a test needs of the dispatcher."""

    pool: asyncpg.Pool
    clock: Clock = field(default_factory=Clock)
    woken: set[str] = field(default_factory=set)
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(self.pool)

    async def endpoint(self, url: str, school: str = SCHOOL, **wanted: Any) -> str:
        """A new endpoint; private networks are allowed to its school."""
        await self.endpoints.allow_private(school, allowed=True)
        made = await self.endpoints.create(school, Wanted(url, **wanted), self.clock())
        self.secrets[made.endpoint] = made.secret
        return made.endpoint

    def intake(self) -> Intake:
        return Intake(
            self.pool,
            None,  # type: ignore[arg-type]  # only dead letters need it
            Connection("nobody:1"),
            patience_seconds=5,
            clock=self.clock,
            wake=self._wake,
        )

    def _wake(self, endpoints: Collection[str]) -> None:
        self.woken |= set(endpoints)

    async def queue(self, *messages: Webhook | Zap) -> None:
        """Put messages into the queue, as they come on Kafka."""
        records = [received(on_kafka(it)) for it in messages]
        assert await self.intake()._take(records) == []

    def dispatcher(self, requests: Requests) -> Dispatcher:
        return Dispatcher(
            Queue(self.pool), self.endpoints, requests, clock=self.clock, patience_seconds=5
        )

    async def deliver(self, **options: Any) -> int:
        """Deliver what is due now; returns how many endpoints had a turn."""
        async with Requests(**{"limits": SOON, **options}) as requests:
            return await self.dispatcher(requests).once()

    async def user(self, user: str, name: str | None = None, email: str | None = None) -> None:
        await Directory(self.pool).put_users(
            [User(school=SCHOOL, user=user, name=name, email=email)]
        )

    async def deliveries(self, endpoint: str) -> list[tuple[str, str, int, str | None]]:
        """Id, state, attempts and code of each, in order."""
        rows = await self.pool.fetch(
            "select m.message, d.state, d.attempts, d.code from webhook_deliveries d "
            "join webhook_messages m using (seq) where d.endpoint = $1 order by seq",
            endpoint,
        )
        return [tuple(row) for row in rows]

    async def attempts(self, endpoint: str) -> list[tuple[int | None, str | None, bytes | None]]:
        """Status, code and answer of each, in order."""
        rows = await self.pool.fetch(
            "select status, code, answer from webhook_attempts where endpoint = $1 order by at",
            endpoint,
        )
        return [tuple(row) for row in rows]

    async def next_at(self, endpoint: str) -> datetime | None:
        """When the next delivery is due."""
        return await self.pool.fetchval(
            "select min(next_at) from webhook_deliveries where endpoint = $1 and state = 'pending'",
            endpoint,
        )


def webhook(
    number: int = 1,
    *,
    school: str = SCHOOL,
    learner: str = "ada",
    course: str | None = "algebra",
    trigger: Trigger = "course_completed",
    manual: bool | None = False,
) -> Webhook:
    """A message; its id follows from the number."""
    return Webhook(
        type=webhooks.TYPES[trigger],
        trigger=trigger,
        school_id=school,
        id=f"msg_{number}",
        event_id=f"{school}/{learner}/{course}@{number}",
        occurred_at=datetime(2024, 5, 31, tzinfo=UTC),
        attempt=1,
        data=WebhookData(
            user=WebhookUser(id=learner),
            course=course and WebhookCourse(id=course, title="Algebra"),
            manually_completed=manual,
        ),
    )


def zap(number: int = 1, *, school: str = SCHOOL, learner: str = "ada") -> Zap:
    return Zap(
        id=f"msg_{number}",
        event_id=f"{school}/{learner}/algebra@{number}",
        trigger="course_completed",
        school_id=school,
        occurred_at=datetime(2024, 5, 31, tzinfo=UTC),
        user_id=learner,
        course_id="algebra",
        manually_completed=False,
    )


def on_kafka(it: Webhook | Zap) -> Any:
    topic = topics.ZAPIER if isinstance(it, Zap) else topics.WEBHOOKS
    learner = it.user_id if isinstance(it, Zap) else it.data.user.id
    return message(
        topic, About(it.id, it.event_id, it.school_id, learner, it.occurred_at, None), it
    )


@pytest_asyncio.fixture(scope="session")
async def shared(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """The URL of one database with its tables, for all tests here."""
    async with fresh_database(postgres) as url:
        pool = await open_pool(url)
        await migrate(pool)
        await pool.close()
        yield url


@pytest_asyncio.fixture
async def database_url(shared: str) -> str:
    """The same database, emptied: that takes a tenth of the time of a new one."""
    connection = await asyncpg.connect(shared)
    try:
        tables = await connection.fetchval(
            "select string_agg(format('%I', tablename), ', ') from pg_tables"
            " where schemaname = 'public' and tablename <> 'schema_migrations'"
        )
        await connection.execute(f"truncate {tables} restart identity")
    finally:
        await connection.close()
    return shared


@pytest_asyncio.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    pool = await open_pool(database_url, max_size=6)
    try:
        yield Office(pool)
    finally:
        await pool.close()
