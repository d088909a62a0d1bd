from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.support.appended import Appender
from tests.support.command_line import Done, coursemark

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def log(database_url: str) -> AsyncIterator[EventLog]:
    pool = await open_pool(database_url, max_size=4)
    await migrate(pool)
    yield EventLog(pool)
    await pool.close()


@pytest.fixture
def appender(log: EventLog) -> Appender:
    return Appender(log)


class Call:
    """``coursemark``, on the test's own database, on another thread than the test's loop."""

    def __init__(self, **variables: str) -> None:
        self.variables = variables

    async def __call__(self, *words: object, **more: Any) -> Done:
        return await asyncio.to_thread(coursemark, *map(str, words), **(self.variables | more))


@pytest.fixture
def call(database_url: str) -> Call:
    return Call(COURSEMARK_DATABASE=database_url)
