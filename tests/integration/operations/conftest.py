"""A school with learners and operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from tests.support.hall import Hall

if TYPE_CHECKING:
    from services.store.log import EventLog


@pytest_asyncio.fixture
async def hall(log: EventLog) -> Hall:
    return await Hall(log).open()
