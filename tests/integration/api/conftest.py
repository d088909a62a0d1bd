"""The API over real HTTP, on a log with two schools."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import aiohttp
import pytest_asyncio
from yarl import URL

from contracts.directory import School, User
from services.composition import RUNS
from services.runtime.embedded.waiting import until
from services.store.directory import Directory
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.store.tokens import Tokens
from tests.support.receivers import unused_port
from tests.support.stack import settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    import asyncpg

    from services.runtime.settings import Settings
    from services.store.tokens import Scope

UNUSUAL = "ü%2F?#&='\";--"
"""A learner's id that has to be percent-encoded, and that nothing may take for SQL."""
ALL: Sequence[Scope] = ("commands", "read", "signals")
DIRECTORY = (
    *(
        User(school="riverside", user=user, role_level="user")
        for user in ("u-1", "u-2", "u-1204", "u-1205", UNUSUAL)
    ),
    *(
        User(school=school, user=level, role_level=level)  # type: ignore[arg-type]
        for school in ("riverside", "lakeside")
        for level in ("admin", "instructor", "reporter", "seat_manager", "user")
    ),
)


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
    """The running API, and what stands behind it."""

    where: str
    pool: asyncpg.Pool
    client: aiohttp.ClientSession
    settings: Settings

    async def token(
        self,
        school: str = "riverside",
        actor: str | None = "admin",
        scopes: Sequence[Scope] = ALL,
        **more: Any,
    ) -> str:
        """The secret of a new token."""
        fields = {"now": datetime.now(UTC), "scopes": scopes, "actor": actor} | more
        return (await Tokens(self.pool).create(school, "test", **fields)).secret

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
    """The API and other parts, stopped in good order afterwards."""
    pool, port = await open_pool(database_url), unused_port()
    await migrate(pool)
    directory = Directory(pool)
    await directory.put_schools(
        [School(school=it, plan="starter") for it in ("riverside", "lakeside")]
    )
    await directory.put_users(DIRECTORY)
    chosen = settings(kafka, database_url, prefix, **{"api_port": port} | more)
    stop, ready = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(RUNS["api"](chosen, stop, ready.set))
        for name in parts:
            group.create_task(RUNS[name](chosen, stop), name=name)
        try:
            await asyncio.wait_for(ready.wait(), 60)
            async with aiohttp.ClientSession() as client:
                yield Api(f"http://127.0.0.1:{port}", pool, client, chosen)
        finally:
            stop.set()
    await pool.close()


@pytest_asyncio.fixture
async def api(embedded_kafka: str, database_url: str, topic_prefix: str) -> AsyncIterator[Api]:
    """The API alone: nobody carries commands out."""
    async with serving(embedded_kafka, database_url, topic_prefix) as made:
        yield made


def encoded(text: str) -> str:
    """An id in a path."""
    return quote(text, safe="")


__all__ = ["Api", "Got", "encoded", "serving", "until"]
