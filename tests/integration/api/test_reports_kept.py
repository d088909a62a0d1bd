"""Reports that were counted are kept until their view moves or is built anew, and no longer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest_asyncio

from contracts.api.reports import DaysReport
from services.api.reads.counted import Counted, Question
from services.projector.runtime import Projector
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.support.appended import Appender
from tests.support.happened import enrolled
from tests.support.school import SCHOOL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import asyncpg

QUESTION = Question(SCHOOL, "/v1/insights/days", (None, 1_000))
VIEWS = ("insights",)


@pytest_asyncio.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    async with await open_pool(database_url, stateless=True) as made:
        await migrate(made)
        await Projector(EventLog(made)).catch_up()
        yield made


class Counting:
    """A report that says how often it was counted."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> DaysReport:
        self.times += 1
        await asyncio.sleep(0)  # whoever waits gets a turn
        return DaysReport(lines=(), more=self.times > 1)


async def test_a_report_is_counted_once_until_its_view_moves(pool: asyncpg.Pool) -> None:
    kept, count = Counted(pool), Counting()
    first = await asyncio.gather(*(kept.body(QUESTION, VIEWS, count) for _ in range(10)))
    assert (count.times, len(set(first))) == (1, 1)
    other = QUESTION._replace(school="another")
    await kept.body(other, VIEWS, count)
    assert count.times == 2
    await Appender(EventLog(pool)).happened(enrolled())
    await Projector(EventLog(pool)).catch_up()
    assert await kept.body(QUESTION, VIEWS, count) != first[0]
    assert count.times == 3


async def test_those_who_wait_while_the_view_moves_are_told_by_one_count(
    pool: asyncpg.Pool,
) -> None:
    """It moves while each report is counted, as under commands that never stop."""
    kept, times = Counted(pool), 0
    sql = "update projection_cursors set updated_at = clock_timestamp()"

    async def count() -> DaysReport:
        nonlocal times
        times += 1
        await pool.execute(sql)
        return DaysReport(lines=(), more=False)

    await asyncio.gather(*(kept.body(QUESTION, VIEWS, count) for _ in range(20)))
    assert times <= 2  # one for the first, one for all who came while it was at it
    await kept.body(QUESTION, VIEWS, count)
    assert times <= 3


async def test_a_view_that_was_built_anew_is_counted_anew(pool: asyncpg.Pool) -> None:
    kept, count = Counted(pool), Counting()
    await kept.body(QUESTION, VIEWS, count)
    sql = "update projection_cursors set generation = generation + 1 where projection = 'insights'"
    await pool.execute(sql)
    await kept.body(QUESTION, VIEWS, count)
    assert count.times == 2


async def test_what_is_kept_is_bounded_and_the_oldest_goes_first(pool: asyncpg.Pool) -> None:
    size = len((await Counting()()).to_json())
    for bound in ({"most": 2 * size + 1}, {"answers": 2}):
        kept, count = Counted(pool, **bound), Counting()
        for limit in (1, 2, 1, 3, 1):
            await kept.body(QUESTION._replace(by=(limit,)), VIEWS, count)
        assert count.times == 3
        await kept.body(QUESTION._replace(by=(2,)), VIEWS, count)
        assert count.times == 4


# What the pool of the API relies on: a session is handed on as it is, a transaction is not.
async def test_a_stateless_pool_ends_what_was_begun_and_resets_nothing(database_url: str) -> None:
    async with await open_pool(database_url, stateless=True, max_size=1) as pool:
        await pool.execute("set work_mem = '5MB'")
        assert await pool.fetchval("show work_mem") == "5MB"
        begun = await _begun(pool)
        assert await _begun(pool) != begun
    async with await open_pool(database_url, max_size=1) as pool:
        await pool.execute("set work_mem = '5MB'")
        assert await pool.fetchval("show work_mem") != "5MB"


async def _begun(pool: asyncpg.Pool) -> int:
    """The id of the transaction that one is in who leaves it open."""
    async with pool.acquire() as connection:
        await connection.execute("begin")
        number: int = await connection.fetchval("select pg_current_xact_id()::text::bigint")
        return number
