"""A log restored into a new cluster is followed again, and nothing of it is lost or repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from contracts.topics import Stream
from projections.registry import PROJECTIONS
from services.projector.runtime import Projector
from services.store.cursors import Cursor
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.store.records import ORIGIN, Position
from tests.support.appended import Appender
from tests.support.command_line import process
from tests.support.happened import enrolled, visited

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NADIA = Stream("riverside", "u-1204", "biology-1")
ELSEWHERE = "update stored_events set transaction_id = '900000000'::xid8"
"""As a cluster gave it that was older by far: nobody sees it here for a long time."""


@pytest_asyncio.fixture
async def log(database_url: str) -> AsyncIterator[EventLog]:
    """A log of two events with its views, as a restore leaves it in a new cluster."""
    pool = await open_pool(database_url, application_name="a test")
    await migrate(pool)
    event_log = EventLog(pool)
    await Appender(event_log).happened(enrolled(), visited("welcome"), to=NADIA)
    await Projector(event_log).catch_up()
    await pool.execute(ELSEWHERE)
    await pool.execute("update projection_cursors set transaction_id = 900000000")
    yield event_log
    await pool.close()


async def after_restore(database_url: str) -> tuple[int | None, str]:
    """Its exit code and what it said."""
    command = await process("after-restore", "--yes", "--database", database_url)
    _, said = await command.communicate()
    return command.returncode, said.decode()


async def test_b10_a_restored_log_is_followed_and_its_views_agree_with_it(
    log: EventLog, database_url: str
) -> None:
    assert await log.head() == ORIGIN  # nobody would ever see an event
    assert await after_restore(database_url) == (
        0,
        "2 events have new positions; now start the parts.\n",
    )
    assert await log.head() == Position(1, 2)
    for view in PROJECTIONS:
        assert await Cursor(log.pool, view.name).read() == await log.head()
        assert (await Projector(log).check(view.name)).differences == []


async def test_it_is_refused_while_a_part_is_at_work(log: EventLog, database_url: str) -> None:
    at_work = await open_pool(database_url, application_name="coursemark projector")
    async with at_work.acquire():
        code, said = await after_restore(database_url)
    await at_work.close()
    assert (code, "projector is connected" in said) == (1, True)
    assert await log.pool.fetchval("select min(transaction_id)::text from stored_events") != "1"
