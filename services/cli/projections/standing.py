"""How far views and feeds are."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

import asyncpg

from projections.registry import PROJECTIONS
from services.cli.running import database
from services.programs.awarding import Awarding
from services.publisher.registry import FEEDS
from services.runtime.settings import Settings
from services.store.log import EventLog
from services.views.standing import Standing, standings

FOLLOWERS: Mapping[str, Collection[str] | None] = MappingProxyType(
    {**{it.name: it.topics for it in FEEDS}, Awarding.name: Awarding.topics}
)
"""The feeds, and the part that follows as they do, each with its event types; none: all."""


async def all_of(settings: Settings) -> list[Standing]:
    """Views first, then feeds and ``learning-programs``."""
    async with database(settings) as pool:
        return await of_database(pool)


async def of_database(pool: asyncpg.Pool) -> list[Standing]:
    """The same, where a connection is at hand."""
    return await standings(EventLog(pool), PROJECTIONS, FOLLOWERS)
