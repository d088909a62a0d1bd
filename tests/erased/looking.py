"""Where somebody is: rows of every table, topics from their start, the folder of e-mails."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from services.runtime.topology import TOPICS
from tests.support.kafka import whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import asyncpg

    from services.privacy.who import Who
    from services.runtime.bus.client import Connection

_TABLES = (
    "select format('%I.%I', table_schema, table_name) from information_schema.tables "
    "where table_type = 'BASE TABLE' and table_schema not in "
    "('pg_catalog', 'information_schema') order by 1"
)


class Person(NamedTuple):
    """``words``: what only they have, such as name and address."""

    who: Who
    words: Sequence[str]


class Place(NamedTuple):
    """``ids``: rows, records or files with their id; ``words``: those with their words.

    ``last``: of a compacted topic, how many of their keys end with something else than a tombstone.
    """

    ids: int
    words: int
    last: int | None = None


async def rows(pool: asyncpg.Pool) -> dict[str, list[str]]:
    """Every row of every table and view's table, as text; bytes as they read."""
    found: dict[str, list[str]] = {}
    for (table,) in await pool.fetch(_TABLES):
        every = f"select * from {table} t order by t::text"  # noqa: S608 - quoted by PostgreSQL
        found[table] = [_text(row) for row in await pool.fetch(every)]
    return found


async def in_tables(pool: asyncpg.Pool, person: Person) -> dict[str, Place]:
    """By query, where there is anything of theirs."""
    held = {table: _held(texts, person) for table, texts in (await rows(pool)).items()}
    return {table: it for table, it in held.items() if it.ids or it.words}


async def in_topics(cluster: Connection, person: Person) -> dict[str, Place]:
    """By reading each topic from its start, where there is anything of theirs."""
    held: dict[str, Place] = {}
    for name, spec in TOPICS.items():
        records = await whole(cluster.bootstrap, cluster.topic(name))
        texts = [_read(it.key) + "\t" + _read(it.value) for it in records]
        place = _held(texts, person)
        if spec.cleanup == "compact":
            last = {_read(it.key): it.value is not None for it in records}
            place = place._replace(last=sum(last[key] for key in last if _theirs(key, person)))
        if place.ids or place.words:
            held[name] = place
    return held


async def in_files(folder: Path, person: Person) -> Place:
    """In the folder of e-mails; whom one is to stands in it by address alone."""

    def read() -> list[str]:
        return [_read(it.read_bytes()) for it in folder.glob("*")] if folder.is_dir() else []

    return _held(await asyncio.to_thread(read), person)


def _held(texts: Sequence[str], person: Person) -> Place:
    words = [word.lower() for word in person.words]
    return Place(
        sum(person.who.user in text for text in texts),
        sum(any(word in text.lower() for word in words) for text in texts),
    )


def _theirs(key: str, person: Person) -> bool:
    school, user = person.who
    return key == f"{school}/{user}" or key.startswith(f"{school}/{user}/")


def _text(row: asyncpg.Record) -> str:
    return "\t".join(_read(it) if isinstance(it, bytes) else str(it) for it in row)


def _read(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "replace")
