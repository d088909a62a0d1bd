"""Zapier's side, served over real HTTP on a log with two schools."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest_asyncio

from services.composition import RUNS
from services.projector.runtime import Projector
from services.runtime.settings import Settings
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.store.tokens import Tokens
from services.webhooks.endpoints import Endpoints
from tests.support.receivers import unused_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import asyncpg


@dataclass
class Side:
    """The address of Zapier's side, and what stands behind it."""

    where: str
    pool: asyncpg.Pool
    client: aiohttp.ClientSession

    async def token(self, school: str = "riverside", **more: Any) -> str:
        fields: dict[str, Any] = {"scopes": ["zapier"], "now": datetime.now(UTC)} | more
        return (await Tokens(self.pool).create(school, "zapier", **fields)).secret

    async def ask(
        self, method: str, path: str, token: str | None = None, **more: Any
    ) -> tuple[int, Any]:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with self.client.request(method, self.where + path, headers=headers, **more) as got:
            return got.status, await got.json(content_type=None)

    async def views(self) -> None:
        """The views, as far as the log."""
        await Projector(EventLog(self.pool)).catch_up()

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(self.pool)


@asynccontextmanager
async def serving(database_url: str) -> AsyncIterator[Side]:
    """The running part, stopped in good order afterwards."""
    pool, port = await open_pool(database_url), unused_port()
    await migrate(pool)
    chosen = Settings(_env_file=None, database=database_url, kafka="none:1", zapier_port=port)
    stop, ready = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(RUNS["zapier"](chosen, stop, ready.set))
    try:
        await asyncio.wait_for(ready.wait(), 60)
        async with aiohttp.ClientSession() as client:
            yield Side(f"http://127.0.0.1:{port}", pool, client)
    finally:
        stop.set()
        await running
        await pool.close()


@pytest_asyncio.fixture
async def side(database_url: str) -> AsyncIterator[Side]:
    async with serving(database_url) as made:
        yield made
