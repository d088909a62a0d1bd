"""How much there is of a person, and where."""

from collections.abc import Sequence
from typing import NamedTuple

import asyncpg

from services.privacy.sql import query
from services.privacy.who import Who


class Holdings(NamedTuple):
    """Counts. ``notes``: free text on their events and rows, which holds no personal data."""

    directory: bool
    courses: int
    events: int
    mails: int
    mails_waiting: int
    mails_under_way: int
    suppressed: bool
    deliveries: int
    answers: int
    operation_rows: int
    notes: int

    @property
    def nothing(self) -> bool:
        """Nobody is known under the id."""
        return not any(self)


class Told(NamedTuple):
    """An endpoint that was told of a person, and how often; the last 30 days are known."""

    endpoint: str
    kind: str
    url: str
    deliveries: int


async def holdings(pool: asyncpg.Pool, who: Who) -> Holdings:
    """What there is of a person."""
    return Holdings(*await pool.fetchrow(query("holdings"), *who))


async def mails_under_way(pool: asyncpg.Pool, who: Who) -> int:
    """How many e-mails to them are being sent at this moment."""
    number: int = await pool.fetchval(query("mails_under_way"), *who)
    return number


async def told(pool: asyncpg.Pool, who: Who) -> Sequence[Told]:
    """Which endpoints know of them, in order of their ids."""
    return [Told(*row) for row in await pool.fetch(query("told"), *who)]


async def searches_naming(pool: asyncpg.Pool, who: Who) -> Sequence[str]:
    """Saved searches that may name them, as long as the directory knows them."""
    return [row[0] for row in await pool.fetch(query("searches_naming"), *who)]
