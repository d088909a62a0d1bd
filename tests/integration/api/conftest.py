"""The API over real HTTP, on a log with two schools."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote
from uuid import uuid4

import aiohttp
import pytest_asyncio
from yarl import URL

from contracts.directory import School, User
from services.composition import RUNS
from services.store.directory import Directory
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.store.tokens import Tokens
from tests.support.appended import Appender
from tests.support.receivers import unused_port
from tests.support.school import activity, course
from tests.support.servers import fresh_database
from tests.support.stack import settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    import asyncpg

    from contracts.fields import RoleLevel
    from services.runtime.embedded import EmbeddedPostgres
    from services.store.tokens import Scope

UNUSUAL = "ü%2F?#&='\";--"
"""A learner's id that has to be percent-encoded, and that nothing may take for SQL."""
ALL: Sequence[Scope] = ("commands", "read", "signals")
USERS = ("u-1", "u-2", "u-1204", "u-1205", UNUSUAL)
LEVELS: Sequence[RoleLevel] = ("admin", "instructor", "reporter", "seat_manager", "user")
STRUCTURE = course(activity("welcome"), activity("cells-quiz", "exam"))


class Got(NamedTuple):
    """An answer."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> str | None:
        """Of a problem."""
        return self.body.get("code") if isinstance(self.body, dict) else None


@dataclass
class Api:
    """The running API, what stands behind it, and two schools of the test's own.

    The users of ``school`` are ``USERS`` and one of each level, named like it; ``other`` has only
    these. Both have the course biology-1.
    """

    where: str
    pool: asyncpg.Pool
    client: aiohttp.ClientSession
    school: str = "riverside"
    other: str = "lakeside"

    async def schools(self) -> Api:
        """Write down the schools, with their users and their course."""
        directory, appender = Directory(self.pool), Appender(EventLog(self.pool))
        for school in (self.school, self.other):
            await directory.put_schools([School(school=school, plan="starter")])
            users = [User(school=school, user=it, role_level=it) for it in LEVELS]
            await directory.put_users(users)
            await appender.published(STRUCTURE, school)
        await directory.put_users([User(school=self.school, user=it) for it in USERS])
        return self

    async def anew(self) -> Api:
        """The same with two schools of its own."""
        id_ = uuid4().hex[:8]
        return await replace(self, school=f"river-{id_}", other=f"lake-{id_}").schools()

    async def token(
        self,
        school: str | None = None,
        actor: str | None = "admin",
        scopes: Sequence[Scope] = ALL,
        **more: Any,
    ) -> str:
        """The secret of a new token."""
        fields = {"now": datetime.now(UTC), "scopes": scopes, "actor": actor} | more
        return (await Tokens(self.pool).create(school or self.school, "test", **fields)).secret

    async def ask(
        self,
        method: str,
        path: str,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Got:
        """Ask; the path is sent as it stands, percent-encoded."""
        told = dict(headers or {})
        if token is not None:
            told["Authorization"] = f"Bearer {token}"
        url = URL(self.where + path, encoded=True)
        async with self.client.request(method, url, headers=told, **more) as got:
            body = await got.json(content_type=None) if await got.read() else None
            return Got(got.status, body, got.headers)

    async def command(
        self, name: str, token: str, key: str, body: Any, *, wait: int | None = None, **more: Any
    ) -> Got:
        """Ask for a command."""
        headers = {"Idempotency-Key": f'"{key}"'}
        if wait is not None:
            headers["Prefer"] = f"wait={wait}"
        return await self.ask("POST", f"/v1/commands/{name}", token, headers | more, json=body)


@asynccontextmanager
async def serving(
    kafka: str, database_url: str, prefix: str, *parts: str, **more: Any
) -> AsyncIterator[Api]:
    """The API and other parts with two schools, stopped in good order afterwards."""
    pool, port = await open_pool(database_url), unused_port()
    await migrate(pool)
    chosen = settings(kafka, database_url, prefix, **{"api_port": port} | more)
    stop, ready = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(RUNS["api"](chosen, stop, ready.set))
        for name in parts:
            group.create_task(RUNS[name](chosen, stop), name=name)
        try:
            await asyncio.wait_for(ready.wait(), 60)
            async with aiohttp.ClientSession() as client:
                yield await Api(f"http://127.0.0.1:{port}", pool, client).schools()
        finally:
            stop.set()
    await pool.close()


@asynccontextmanager
async def alone(
    kafka: str, postgres: EmbeddedPostgres, *parts: str, **more: Any
) -> AsyncIterator[Api]:
    """The API and other parts on a database and topics of their own, without limits."""
    bound = {"api_per_second": 10_000, "api_burst": 10_000} | more
    prefix = f"t{uuid4().hex[:10]}."
    async with (
        fresh_database(postgres) as url,
        serving(kafka, url, prefix, *parts, **bound) as made,
    ):
        yield made


@pytest_asyncio.fixture(scope="module")
async def running(embedded_kafka: str, postgres: EmbeddedPostgres) -> AsyncIterator[Api]:
    """The API and who carries commands out, for all tests of a file."""
    async with alone(embedded_kafka, postgres, "command-worker") as made:
        yield made


@pytest_asyncio.fixture
async def api(running: Api) -> Api:
    """The same with schools of the test's own."""
    return await running.anew()


def encoded(text: str) -> str:
    """An id in a path."""
    return quote(text, safe="")


def without_address(got: Got) -> dict[str, Any]:
    """A problem, but for the address that was asked."""
    return {name: it for name, it in got.body.items() if name != "instance"}
