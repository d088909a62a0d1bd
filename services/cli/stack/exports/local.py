"""Rows of the view, read in one transaction."""

from collections.abc import AsyncIterator

from services.cli.stack.servers import Servers
from services.views.lines import ExportedActivity, ExportedProgress
from services.views.progress import ProgressView


class LocalExports:
    """``Exports`` of every school of the database."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    async def progress(self) -> AsyncIterator[ExportedProgress]:
        """Memory stays flat."""
        async for row in ProgressView(await self._servers.pool()).export_progress():
            yield row

    async def activities(self) -> AsyncIterator[ExportedActivity]:
        """Memory stays flat."""
        async for row in ProgressView(await self._servers.pool()).export_activities():
            yield row
