"""A log of the test's own, with a school that imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.support.import_office import Office
from tests.support.servers import fresh_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.runtime.embedded import EmbeddedPostgres


@pytest_asyncio.fixture(scope="session")
async def log(postgres: EmbeddedPostgres) -> AsyncIterator[EventLog]:
    """One database for all of these tests: each has a school of its own."""
    async with fresh_database(postgres) as url:
        pool = await open_pool(url)
        try:
            await migrate(pool)
            yield EventLog(pool)
        finally:
            await pool.close()


@pytest_asyncio.fixture
async def office(log: EventLog) -> Office:
    return await Office(log).open()
