"""Searches under a name, so that an operation can be for whom they find."""

from datetime import datetime
from typing import NamedTuple

import asyncpg
import orjson

from services.store.sql import query
from services.views.search.criteria import Criteria, criteria


class Saved(NamedTuple):
    """A search under its name."""

    name: str
    criteria: Criteria
    created_at: datetime
    changed_at: datetime


async def save(
    pool: asyncpg.Pool, school: str, name: str, wanted: Criteria, now: datetime
) -> Saved:
    """Keep the criteria under the name, in place of what it was."""
    values = (school, name, wanted.to_json().decode(), now)
    return _saved(await pool.fetchrow(query("search_save"), *values))


async def saved(pool: asyncpg.Pool | asyncpg.Connection, school: str, name: str) -> Criteria | None:
    """The criteria of a name, none where the school has no such search."""
    stored = await pool.fetchval(query("search_criteria"), school, name)
    return None if stored is None else criteria(_read(stored))


async def listed(pool: asyncpg.Pool, school: str, after: str, limit: int) -> list[Saved]:
    """A school's searches in order of their names: so many after one."""
    return list(map(_saved, await pool.fetch(query("search_list"), school, after, limit)))


async def named(pool: asyncpg.Pool, school: str, name: str) -> Saved | None:
    """The search of a name, none where the school has no such."""
    row = await pool.fetchrow(query("search_read"), school, name)
    return None if row is None else _saved(row)


async def forget(pool: asyncpg.Pool, school: str, name: str) -> Saved | None:
    """Delete it, and give what it was; none where there was none."""
    row = await pool.fetchrow(query("search_forget"), school, name)
    return None if row is None else _saved(row)


def _saved(row: asyncpg.Record) -> Saved:
    return Saved(row[0], criteria(_read(row[1])), row[2], row[3])


def _read(stored: str) -> dict[str, object]:
    """As ``criteria`` takes them: what JSON has no type for is read by the model."""
    found = Criteria.model_validate_json(stored)
    return {name: getattr(found, name) for name in orjson.loads(stored)}
