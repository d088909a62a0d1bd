"""Imports as PostgreSQL keeps them: pieces of files, what was found, what was asked."""

import asyncio
from datetime import datetime
from hashlib import blake2b
from typing import IO, Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg

from contracts.api.imports import (
    ImportChoices,
    ImportCounts,
    ImportState,
    RunImport,
    RunState,
)
from services.imports.kept.sql import query
from services.imports.problems import Problem

PIECE = 1_000_000
"""Bytes: what is in memory at a time."""
PROBLEMS = 5_000
"""Problems that are written, or deleted, together."""
PIECES = 50
"""Of files, deleted together."""


class Kept(NamedTuple):
    """An import; ``upload``: of its pieces, none once the file is deleted."""

    school: str
    id: str
    upload: UUID | None
    digest: bytes
    size: int
    choices: ImportChoices
    actor: str
    state: ImportState
    counts: ImportCounts | None
    created_at: datetime
    checked_at: datetime | None


class Run(NamedTuple):
    """A time that a file was to be imported; ``parts``, ``users``: that were sent."""

    operation: str
    asked: RunImport
    actor: str
    state: RunState
    code: str | None
    message: str | None
    parts: int | None
    users: int | None
    created_at: datetime
    ended_at: datetime | None


class UnknownImportError(Exception):
    """``unknown_import``: it was deleted meanwhile."""

    code = "unknown_import"


class Arrived(NamedTuple):
    """A file that is to be kept; ``digest``: of its bytes and the choices."""

    school: str
    id: str
    actor: str
    choices: ImportChoices
    digest: bytes
    size: int


async def keep(pool: asyncpg.Pool, arrived: Arrived, file: IO[bytes], now: datetime) -> bool:
    """Keep it, to be checked; False where the school has an import of that id.

    Piece by piece, each by itself: a transaction as long as a file would hold back whoever follows
    the log. The import comes last, so that nobody sees half a file.
    """
    upload = uuid4()
    await asyncio.to_thread(file.seek, 0)
    number = 0
    while piece := await asyncio.to_thread(file.read, PIECE):
        await pool.execute(query("piece_put"), upload, number, piece, now)
        number += 1
    values = arrived.digest, arrived.size, arrived.choices.to_json().decode(), arrived.actor, now
    put = await pool.fetchval(query("put"), arrived.school, arrived.id, upload, *values)
    if put is None:
        await pool.execute(query("pieces_drop"), upload)
    return put is not None


async def fetch(pool: asyncpg.Pool, upload: UUID, into: IO[bytes]) -> int:
    """The whole file, from its beginning; the bytes that there were."""
    number = size = 0
    while (piece := await pool.fetchval(query("piece"), upload, number)) is not None:
        size += await asyncio.to_thread(into.write, piece)
        number += 1
    return size


async def of_school(
    pool: asyncpg.Pool, school: str, before: tuple[datetime, str] | None, limit: int
) -> list[Kept]:
    """A school's imports, the newest first."""
    rows = await pool.fetch(query("of_school"), school, None, *(before or (None, None)), limit)
    return list(map(_kept, rows))


async def read(pool: asyncpg.Pool, school: str, id_: str) -> Kept | None:
    """An import; none where the school has none of that id."""
    row = await pool.fetchrow(query("of_school"), school, id_, None, None, 1)
    return None if row is None else _kept(row)


async def codes(pool: asyncpg.Pool, school: str, id_: str) -> dict[str, int]:
    """Its problems, counted."""
    return dict(await pool.fetch(query("codes"), school, id_))


async def problems(
    pool: asyncpg.Pool, school: str, id_: str, after: int, limit: int
) -> list[tuple[int, Problem]]:
    """Problems with their places, after a place."""
    rows = await pool.fetch(query("problems"), school, id_, after, limit)
    return [(place, Problem(*rest)) for place, *rest in rows]


async def runs(pool: asyncpg.Pool, school: str, id_: str) -> list[Run]:
    """The times that it was run, in order."""
    rows = await pool.fetch(query("runs"), school, id_)
    return [Run(**{**row, "asked": RunImport.model_validate_json(row["asked"])}) for row in rows]


async def ask(
    pool: asyncpg.Pool, kept: Kept, operation: str, wanted: RunImport, actor: str, now: datetime
) -> tuple[str, bytes]:
    """Ask for a run, unless that operation was asked for; the import and digest that it has.

    Raises:
        UnknownImportError: the import is no longer there.
    """
    made = run_digest(kept, wanted, actor)
    values = kept.id, made, wanted.to_json().decode(), actor, now
    try:
        put = await pool.fetchval(query("run_put"), kept.school, operation, *values)
    except asyncpg.ForeignKeyViolationError:
        raise UnknownImportError from None
    there = (kept.id, made) if put is not None else await run_of(pool, kept.school, operation)
    if there is None:
        raise UnknownImportError
    return there


async def run_of(pool: asyncpg.Pool, school: str, operation: str) -> tuple[str, bytes] | None:
    """The import and digest of the run that became an operation."""
    row = await pool.fetchrow(query("run_read"), school, operation)
    return None if row is None else (row["import"], row["digest"])


def run_digest(kept: Kept, wanted: RunImport, actor: str) -> bytes:
    """What tells the same run from another."""
    return digest(kept.id.encode(), actor.encode(), wanted.to_json())


async def remove(pool: asyncpg.Pool, school: str, id_: str) -> bool:
    """Delete an import and its file; False where there is none, or it is being checked or run."""
    if not await pool.fetchval(query("at_rest"), school, id_):
        return False
    await forget_problems(pool, school, id_)
    return bool(await pool.fetchval(query("remove"), school, id_))


async def forget_problems(pool: asyncpg.Pool, school: str, id_: str) -> None:
    """So many at a time: whoever deletes holds back who follows the log."""
    while await pool.execute(query("problems_drop"), school, id_, PROBLEMS) == f"DELETE {PROBLEMS}":
        pass


async def forget_pieces(pool: asyncpg.Pool, before: datetime) -> None:
    """Those of uploads that were cut off, kept before then; so many at a time."""
    while await pool.execute(query("pieces_left"), before, PIECES) == f"DELETE {PIECES}":
        pass


def digest(*parts: bytes) -> bytes:
    """What tells the same from another."""
    made = blake2b(digest_size=32)
    for part in parts:
        made.update(len(part).to_bytes(8, "big") + part)
    return made.digest()


def _kept(row: asyncpg.Record) -> Kept:
    fields: dict[str, Any] = dict(row)
    fields["id"] = fields.pop("import")
    fields["choices"] = ImportChoices.model_validate_json(fields["choices"])
    counts = fields["counts"]
    fields["counts"] = None if counts is None else ImportCounts.model_validate_json(counts)
    return Kept(**fields)
