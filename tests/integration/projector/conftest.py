from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.support.appended import Appender
from tests.support.views import ViewSpec

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def log(database_url: str) -> AsyncIterator[EventLog]:
    pool = await open_pool(database_url, max_size=20)
    await migrate(pool)
    yield EventLog(pool)
    await pool.close()


@pytest.fixture
def appender(log: EventLog) -> Appender:
    return Appender(log)


@pytest.fixture
async def view(log: EventLog) -> AsyncIterator[ViewSpec]:
    spec = ViewSpec(log)
    yield spec
    await spec.agrees()
