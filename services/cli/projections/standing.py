"""How far views and feeds are."""

import asyncpg

from projections.registry import PROJECTIONS
from services.cli.running import database
from services.publisher.registry import FEEDS
from services.runtime.settings import Settings
from services.store.log import EventLog
from services.views.standing import Standing, standings


async def all_of(settings: Settings) -> list[Standing]:
    """Views first, then feeds."""
    async with database(settings) as pool:
        return await of_database(pool)


async def of_database(pool: asyncpg.Pool) -> list[Standing]:
    """The same, where a connection is at hand."""
    return await standings(EventLog(pool), PROJECTIONS, {it.name: it.topics for it in FEEDS})
