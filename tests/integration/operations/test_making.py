"""A large operation's rows are made without holding up anybody else's views (B6, A3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.operations import making
from services.operations.chunks import Place
from services.operations.making import make
from services.operations.sql import query

if TYPE_CHECKING:
    from collections.abc import Callable

    import asyncpg

    from tests.support.hall import Hall

LEARNERS = 2_500
HOLDING = """
select count(*) from pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and backend_xid is not null
"""
"""Transactions that write, and hold followers back."""


class DiedError(Exception):
    """The process, as far as the operation knows."""


@pytest.fixture
async def place(hall: Hall) -> Place:
    for part in (1, 2, 3):
        first = (part - 1) * 1_000
        names = [f"u-{n:04}" for n in range(first, min(first + 1_000, LEARNERS))]
        await hall.ask(
            hall.mark("op", *names, "u-0000", part=part, parts=3)
            if part == 3
            else hall.mark("op", *names, part=part, parts=3)
        )
    return Place(hall.school, "op")


async def _chunks(hall: Hall, place: Place) -> list[tuple[int, int]]:
    rows = await hall.log.pool.fetch(
        "select chunk, size from operation_chunks where school = $1 and operation = $2 "
        "order by chunk",
        *place,
    )
    return [tuple(row) for row in rows]


def _before_each_write(
    monkeypatch: pytest.MonkeyPatch, do: Callable[[asyncpg.Pool], object]
) -> None:
    write = making._write

    async def first_do(pool: asyncpg.Pool, place: Place, given: list[asyncpg.Record]) -> None:
        await do(pool)  # type: ignore[misc]
        await write(pool, place, given)

    monkeypatch.setattr(making, "_write", first_do)
    monkeypatch.setattr(making, "MANY", 1)


async def test_b6_while_rows_are_made_no_follower_is_held_back(
    hall: Hall, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []

    async def look(pool: asyncpg.Pool) -> None:
        held.append(await pool.fetchval(HOLDING))

    _before_each_write(monkeypatch, look)
    await make(hall.log.pool, place, "rows_of_learners", *place, ["first-aid"])
    assert held == [0, 0, 0, 0]
    assert await _chunks(hall, place) == [(1, 1_000), (2, 1_000), (3, 500)]


async def test_b6_an_end_in_between_makes_them_anew(
    hall: Hall, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    async def die(_: asyncpg.Pool) -> None:
        seen.append(1)
        if len(seen) == 2:
            raise DiedError

    with monkeypatch.context() as patched:
        _before_each_write(patched, die)
        with pytest.raises(DiedError):
            await make(hall.log.pool, place, "rows_of_learners", *place, ["first-aid"])
    assert len(await _chunks(hall, place)) == 1
    await hall.go()
    report = await hall.report("op")
    assert (report.total, report.skipped) == (LEARNERS + 1, {"named_twice": 1})
    assert await _chunks(hall, place) == [(0, 1), (1, 1_000), (2, 1_000), (3, 500)]
    assert await hall.log.pool.fetchval(query("rows_total"), *place) == LEARNERS + 1
