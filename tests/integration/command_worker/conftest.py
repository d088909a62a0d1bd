"""A log in which riverside's course has two activities, and whose learners are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from contracts.directory import School, User
from services.store.directory import Directory
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from tests.support.appended import Appender
from tests.support.school import ADMINISTRATOR, LEARNER, SCHOOL, activity, course

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CALM = "u-calm"


@pytest_asyncio.fixture
async def log(database_url: str) -> AsyncIterator[EventLog]:
    pool = await open_pool(database_url)
    try:
        await migrate(pool)
        await Directory(pool).put_schools([School(school=SCHOOL, plan="starter")])
        await Directory(pool).put_users(
            [
                User(school=SCHOOL, user=LEARNER),
                User(school=SCHOOL, user=CALM),
                User(school=SCHOOL, user=ADMINISTRATOR, role_level="admin"),
            ]
        )
        await Appender(EventLog(pool)).published(course(activity("a"), activity("b")))
        yield EventLog(pool)
    finally:
        await pool.close()
