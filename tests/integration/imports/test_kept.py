"""B8: kept files whose reading goes wrong, and imports that are deleted meanwhile."""

from __future__ import annotations

import asyncio
import io
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg
import pytest

from contracts.api.imports import ImportChoices, RunImport
from services.imports.kept import keeping
from services.imports.kept.checking import Checking
from services.imports.kept.preparing import Preparing
from services.imports.kept.sending import Sending
from services.runtime.clock import now

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from services.imports.kept.keeping import Kept
    from services.runtime.bus.outbox import Message
    from services.runtime.embedded import EmbeddedPostgres
    from tests.support.import_office import Office

CHOICES = ImportChoices(complete=True)
FILE = b"learner,course\nu-1,bio\n"


async def kept(pool: asyncpg.Pool, school: str, id_: str) -> Kept:
    """A file that waits to be checked."""
    arrived = keeping.Arrived(school, id_, "admin", CHOICES, b"digest", len(FILE))
    assert await keeping.keep(pool, arrived, io.BytesIO(FILE), now())
    return await there(pool, school, id_)


async def there(pool: asyncpg.Pool, school: str, id_: str) -> Kept:
    found = await keeping.read(pool, school, id_)
    assert found is not None
    return found


def preparing(pool: asyncpg.Pool, server: EmbeddedPostgres) -> Preparing:
    """It cannot read any file: its own connections refuse what they are to encode."""

    @asynccontextmanager
    async def refusing() -> AsyncIterator[asyncpg.Pool]:
        connection = await asyncpg.connect(server.url)
        try:
            await connection.fetchval("select $1::text", "\ud800")
        finally:
            await connection.close()
        yield pool

    async def send(_: Iterable[Message]) -> None:
        raise AssertionError

    return Preparing(pool, Checking(pool, refusing, now), Sending(pool, send), now, 1)


async def test_b8_a_failure_that_does_not_pass_counts_as_a_try(
    office: Office, postgres: EmbeddedPostgres
) -> None:
    pool = office.log.pool
    await kept(pool, office.school, "f-1")
    with pytest.raises(asyncpg.DataError):
        await preparing(pool, postgres).step(asyncio.Event())
    tries = "select tries from imports where school = $1 and import = 'f-1'"
    assert await pool.fetchval(tries, office.school) == 1
    await pool.execute("delete from imports where school = $1", office.school)


async def test_b8_a_file_whose_pieces_go_is_not_read_as_far_as_it_is_there(
    office: Office, postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PIECE", len(FILE) // 2)
    pool = office.log.pool
    waiting = await kept(pool, office.school, "f-2")
    await pool.execute("delete from import_pieces where upload = $1 and piece > 0", waiting.upload)
    assert await preparing(pool, postgres).step(asyncio.Event())
    assert await keeping.codes(pool, office.school, "f-2") == {"file_gone": 1}


async def test_b8_an_import_that_is_deleted_meanwhile_is_not_run(office: Office) -> None:
    pool = office.log.pool
    found = await kept(pool, office.school, "f-3")
    await pool.execute("update imports set state = 'checked' where school = $1", office.school)
    assert await keeping.remove(pool, office.school, "f-3")
    wanted = RunImport(send_completion_email=False)
    with pytest.raises(keeping.UnknownImportError):
        await keeping.ask(pool, found, "op-1", wanted, "admin", now())
