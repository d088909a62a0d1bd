"""PostgreSQL, for every part."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from services.runtime.addresses import find_database
from services.runtime.settings import Settings
from services.store.migrations import migrate
from services.store.pool import open_pool


@asynccontextmanager
async def database(
    settings: Settings, name: str, *, stateless: bool = False
) -> AsyncIterator[asyncpg.Pool]:
    """A pool of connections to the database, its schema up to date; see ``open_pool``."""
    pool = await open_pool(
        find_database(settings),
        application_name=f"coursemark {name}",
        max_size=settings.database_connections,
        stateless=stateless,
    )
    try:
        await migrate(pool)
        yield pool
    finally:
        await pool.close()
