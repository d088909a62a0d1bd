"""Rows that an API tells page by page."""

from collections.abc import AsyncIterator

from contracts.api.progress import LARGEST
from services.cli.output import say
from services.cli.stack.session import Session
from services.views.lines import ExportedActivity, ExportedProgress


class RemoteExports:
    """``Exports`` of the token's school."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def progress(self) -> AsyncIterator[ExportedProgress]:
        """Each row as it is when its page is read."""
        school = await self._school()
        async for row in self._session.client.progress(limit=LARGEST):
            told = dict(row) | {"school": school}
            yield ExportedProgress(**{name: told[name] for name in ExportedProgress._fields})

    async def activities(self) -> AsyncIterator[ExportedActivity]:
        """Each row as it is when its page is read."""
        school = await self._school()
        async for row in self._session.client.activities(limit=LARGEST):
            told = dict(row) | {"school": school}
            yield ExportedActivity(**{name: told[name] for name in ExportedActivity._fields})

    async def _school(self) -> str:
        school = (await self._session.me()).school
        say(f"The token's school alone: {school}.")
        return school
