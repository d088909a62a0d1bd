from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from contracts.topics import Stream
from services.projector.runtime import Projector
from services.store.directory import Directory
from services.store.log import EventLog
from services.store.migrations import migrate
from services.store.pool import open_pool
from services.views.search.postgres import PostgresSearch
from tests.support.appended import Appender
from tests.support.school import activity, course

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from contracts.events import Event
    from services.views.search.port import Search
    from tests.support.plain_search import World


class Engine(Protocol):
    """An adapter with what it searches: another one is held to the suite by a fixture like this."""

    async def load(self, world: World) -> None:
        """Take in a school."""

    async def happened(self, events: Sequence[Event]) -> None:
        """Take in more events of learners."""

    async def erase(self, school: str, user: str) -> None:
        """Forget a user, as the directory's tombstone says."""

    def search(self, counted: int) -> Search:
        """The adapter, counting exactly up to so many learners."""


class Postgres:
    """The log, the directory and the view on a real PostgreSQL."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._appender = Appender(log)

    async def load(self, world: World) -> None:
        await Directory(self._log.pool).put_users(world.users)
        for name, required in world.required.items():
            structure = course(*(activity(id_) for id_ in required))
            await self._appender.published(structure, world.school, name)
        await self.happened(world.events)

    async def happened(self, events: Sequence[Event]) -> None:
        named = [(str(Stream(it.school, it.learner, it.course)), it) for it in events]
        await self._appender.append([*named])
        await Projector(self._log).catch_up("search")

    async def erase(self, school: str, user: str) -> None:
        await Directory(self._log.pool).erase_user(school, user)

    def search(self, counted: int) -> PostgresSearch:
        return PostgresSearch(self._log.pool, counted)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[Engine]:
    pool = await open_pool(database_url, max_size=4)
    await migrate(pool)
    yield Postgres(EventLog(pool))
    await pool.close()
