"""Who was erased: what makes an erasure last, whatever is read again, rebuilt or published anew."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import asyncpg

from services.store.sql import query


class Erasure(NamedTuple):
    """On whose word, why and when; ``ended_at`` of none: it was broken off, and is to go on."""

    school: str
    user: str
    actor: str
    reason: str
    begun_at: datetime
    ended_at: datetime | None


async def erased(
    pool: asyncpg.Pool | asyncpg.Connection, users: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Of these pairs of school and user, those whose erasure has at least begun."""
    if not users:
        return set()
    columns = [user[0] for user in users], [user[1] for user in users]
    return {(row[0], row[1]) for row in await pool.fetch(query("erased"), *columns)}


async def erasure_of(
    pool: asyncpg.Pool | asyncpg.Connection, school: str, user: str
) -> Erasure | None:
    """A user's erasure, or none."""
    row = await pool.fetchrow(query("erasure_read"), school, user)
    return None if row is None else Erasure(*row)


async def erasures_of(pool: asyncpg.Pool, school: str) -> list[Erasure]:
    """A school's erasures, the first one first."""
    return [Erasure(*row) for row in await pool.fetch(query("erasures_of_school"), school)]


async def page_of_erasures(
    pool: asyncpg.Pool, school: str, after: tuple[datetime, str] | None, limit: int
) -> list[Erasure]:
    """So many of a school's erasures after this one, the newest first."""
    moment, user = after or (None, None)
    rows = await pool.fetch(query("erasures_page"), school, moment, user, limit)
    return [Erasure(*row) for row in rows]


async def begin(
    connection: asyncpg.Connection, school: str, user: str, actor: str, reason: str, now: datetime
) -> bool:
    """Write an erasure down; False where one is there, which stays as it is."""
    begun = await connection.fetchval(query("erasure_put"), school, user, actor, reason, now)
    return begun is not None


async def end(pool: asyncpg.Pool, school: str, user: str, now: datetime) -> None:
    """Nothing is left to do of it; the first time stands."""
    await pool.execute(query("erasure_end"), school, user, now)
