"""Searches under a name, so that an operation can be for whom they find."""

from datetime import datetime

import asyncpg
import orjson

from services.store.sql import query
from services.views.search.criteria import Criteria, criteria


async def save(pool: asyncpg.Pool, school: str, name: str, wanted: Criteria, now: datetime) -> None:
    """Keep the criteria under the name, in place of what it was."""
    await pool.execute(query("search_save"), school, name, wanted.to_json().decode(), now)


async def saved(pool: asyncpg.Pool | asyncpg.Connection, school: str, name: str) -> Criteria | None:
    """The criteria of a name, none where the school has no such search."""
    stored = await pool.fetchval(query("search_criteria"), school, name)
    return None if stored is None else criteria(_read(stored))


def _read(stored: str) -> dict[str, object]:
    """As ``criteria`` takes them: what JSON has no type for is read by the model."""
    found = Criteria.model_validate_json(stored)
    return {name: getattr(found, name) for name in orjson.loads(stored)}
