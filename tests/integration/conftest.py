"""A log of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest_asyncio.fixture
async def log(database_url: str) -> AsyncIterator[EventLog]:
    pool = await open_pool(database_url)
    try:
        await migrate(pool)
        yield EventLog(pool)
    finally:
        await pool.close()
