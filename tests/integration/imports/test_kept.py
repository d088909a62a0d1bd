"""B8: kept files whose reading goes wrong, and imports that are deleted meanwhile."""

from __future__ import annotations

import asyncio
import io
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg
import pytest

from contracts.api.imports import ImportChoices, RunImport
from services.imports.kept import keeping
from services.imports.kept.checking import Checking
from services.imports.kept.preparing import Preparing
from services.imports.kept.sending import Sending
from services.imports.kept.sql import query
from services.runtime.clock import now
from tests.support.import_office import Office

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from services.imports.kept.keeping import Kept
    from services.runtime.bus.outbox import Message
    from services.store.log import EventLog

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


async def at_rest(pool: asyncpg.Pool, school: str) -> None:
    await pool.execute("update imports set state = 'checked' where school = $1", school)


def preparing(pool: asyncpg.Pool) -> Preparing:
    """It cannot read any file: its connections have an address that is none."""

    @asynccontextmanager
    async def nowhere() -> AsyncIterator[asyncpg.Pool]:
        yield await asyncpg.create_pool("nowhere://")

    async def send(_: Iterable[Message]) -> None:
        raise AssertionError

    return Preparing(pool, Checking(pool, nowhere, now), Sending(pool, send), now, 1)


async def test_b8_a_failure_that_does_not_pass_counts_as_a_try(office: Office) -> None:
    pool = office.log.pool
    await kept(pool, office.school, "f-1")
    with pytest.raises(asyncpg.ClientConfigurationError):
        await preparing(pool).step(asyncio.Event())
    tries = "select tries from imports where school = $1 and import = 'f-1'"
    assert await pool.fetchval(tries, office.school) == 1
    await pool.execute("delete from imports where school = $1", office.school)


async def test_b8_a_file_whose_pieces_go_is_not_read_as_far_as_it_is_there(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PIECE", len(FILE) // 2)
    pool = office.log.pool
    waiting = await kept(pool, office.school, "f-2")
    await pool.execute("delete from import_pieces where upload = $1 and piece > 0", waiting.upload)
    assert await preparing(pool).step(asyncio.Event())
    assert await keeping.codes(pool, office.school, "f-2") == {"file_gone": 1}


async def test_b8_an_import_that_is_deleted_meanwhile_is_not_run(office: Office) -> None:
    pool = office.log.pool
    found = await kept(pool, office.school, "f-3")
    await at_rest(pool, office.school)
    assert await keeping.remove(pool, office.school, "f-3")
    wanted = RunImport(send_completion_email=False)
    with pytest.raises(keeping.UnknownImportError):
        await keeping.ask(pool, found, "op-1", wanted, "admin", now())


async def test_b8_what_is_deleted_goes_in_pieces_and_whole(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces of an upload that came to nothing too; what is being checked stays as it is."""
    monkeypatch.setattr(keeping, "PROBLEMS", 1)
    monkeypatch.setattr(keeping, "PIECES", 1)
    pool, place = office.log.pool, (office.school, "f-4")
    await kept(pool, *place)
    columns = [1, 2, 3], [1, 2, 3], ["c"] * 3, ["code"] * 3, ["said"] * 3, [False] * 3, [False] * 3
    await pool.execute(query("problems_put"), *place, *columns)
    assert not await keeping.remove(pool, *place)
    assert await keeping.codes(pool, *place) == {"code": 3}
    await at_rest(pool, office.school)
    assert await keeping.remove(pool, *place)
    assert await keeping.codes(pool, *place) == {}
    long_ago, upload = now() - timedelta(days=400), uuid4()
    for number in range(3):
        await pool.execute(query("piece_put"), upload, number, FILE, long_ago)
    await keeping.forget_pieces(pool, now() - timedelta(days=399))
    left = "select count(*) from import_pieces where upload = $1"
    assert await pool.fetchval(left, upload) == 0


async def test_b8_one_schools_files_do_not_hold_up_anothers(office: Office, log: EventLog) -> None:
    other = await Office(log).open()
    for number in range(3):
        await kept(log.pool, office.school, f"f-{number}")
    await kept(log.pool, other.school, "f-late")
    schools = office.school, other.school
    waiting = await log.pool.fetch(query("waiting"), 100)
    found = [(it["school"], it["import"]) for it in waiting if it["school"] in schools]
    many = [(office.school, f"f-{number}") for number in range(3)]
    assert found == [many[0], (other.school, "f-late"), *many[1:]]
    await log.pool.execute("delete from imports where school = any($1)", list(schools))
