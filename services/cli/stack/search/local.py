"""Searches in the view, kept in their table."""

from services.cli.stack.servers import Servers
from services.runtime.clock import now
from services.views.search.criteria import Criteria, PageRequest
from services.views.search.port import Page
from services.views.search.postgres import PostgresSearch
from services.views.search.saved import save


class LocalSearches:
    """A ``Searches``."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    async def find(self, school: str, criteria: Criteria, page: PageRequest) -> Page:
        """In the view."""
        return await PostgresSearch(await self._servers.pool()).find(school, criteria, page)

    async def keep(self, school: str, name: str, criteria: Criteria) -> None:
        """In the table."""
        await save(await self._servers.pool(), school, name, criteria, now())
