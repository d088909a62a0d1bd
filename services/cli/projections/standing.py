"""How far views and feeds are."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Literal, NamedTuple

import asyncpg

from services.cli.running import database
from services.projector.runtime import Projector
from services.publisher.registry import FEEDS
from services.runtime.settings import Settings
from services.store.cursors import Cursor
from services.store.log import EventLog
from services.store.mapper import decode
from services.store.records import Position

SOME = 100
"""Up to so many waiting events are counted for a feed that wants only some types of them."""


class Standing(NamedTuple):
    """``behind``: events not handled, at least; ``lag``: seconds since the first was recorded."""

    name: str
    kind: Literal["view", "feed"]
    version: int | None
    position: Position
    behind: int
    lag: float | None
    problem: str | None = None


async def all_of(settings: Settings) -> list[Standing]:
    """Views first, then feeds."""
    async with database(settings) as pool:
        return await of_database(pool)


async def of_database(pool: asyncpg.Pool) -> list[Standing]:
    """The same, where a connection is at hand."""
    log = EventLog(pool)
    views = [
        Standing(
            name=it.name,
            kind="view",
            version=it.version,
            position=it.position,
            behind=it.behind,
            lag=it.lag,
            problem=it.error or _version_problem(it.version, it.wanted),
        )
        for it in await Projector(log).statuses()
    ]
    return views + [await _feed(log, it.name, it.topics) for it in FEEDS]


def _version_problem(version: int, wanted: int) -> str | None:
    if version == wanted:
        return None
    return "never built yet" if not version else f"version {version}, wanted is {wanted}"


async def _feed(log: EventLog, name: str, types: Collection[str] | None) -> Standing:
    position = await Cursor(log.pool, name).read()
    if types is None:
        behind = await log.count_after(position)
        waiting = await log.follow(position, 1)
    else:
        waiting = await log.follow(position, SOME, topics=types)
        behind = len(waiting)
    lag = 0.0
    if waiting:
        recorded_at = decode(waiting[0].topic, waiting[0].state).recorded_at
        lag = max(0.0, (datetime.now(UTC) - recorded_at).total_seconds())
    return Standing(name, "feed", None, position, behind, lag)
