"""An operation's rows are made of its parts, and written down as chunks.

Whoever writes holds every follower of the log back until the transaction ends, those of other
schools too. So PostgreSQL sorts the rows in a transaction that only reads, and what it gives is
written a few chunks at a time. An end in between leaves the operation in validation, which begins
anew.
"""

import asyncpg

from services.operations.chunks import CHUNK, Place
from services.operations.sql import query

MANY = 20
"""Chunks at a time; some 5 MB."""


async def make(pool: asyncpg.Pool, place: Place, statement: str, *parameters: object) -> None:
    """Write the chunks that the statement gives, in place of those that were there."""
    await pool.execute(query("chunks_drop"), *place)
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        given = await connection.cursor(query(statement), *parameters, CHUNK)
        while some := await given.fetch(MANY):
            await _write(pool, place, some)


async def _write(pool: asyncpg.Pool, place: Place, given: list[asyncpg.Record]) -> None:
    chunks = [tuple(it) for it in given if it["chunk"]]
    if chunks:
        await pool.execute(query("chunks_put"), *place, *map(list, zip(*chunks, strict=True)))
    for it in given:
        if not it["chunk"]:
            await pool.execute(query("told_put"), *place, it["rows"])
