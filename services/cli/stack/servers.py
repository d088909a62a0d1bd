"""PostgreSQL and Kafka as the commands reach them: each when it is first needed."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from services.cli.running import cluster, database
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.runtime.bus.client import Connection


class Servers:
    """What the settings name; ``held`` is left when the command ends."""

    def __init__(self, settings: Settings, held: AsyncExitStack) -> None:
        self._settings = settings
        self._held = held
        self._connection: Connection | None = None
        self._opened: asyncpg.Pool | None = None

    @property
    def mails(self) -> Path:
        """The folder that e-mails are written into without a mail server."""
        return self._settings.mails

    async def kafka(self) -> "Connection":
        """How the brokers are reached."""
        if self._connection is None:
            self._connection = await cluster(self._settings)
        return self._connection

    async def pool(self) -> asyncpg.Pool:
        """The database."""
        if self._opened is None:
            self._opened = await self._held.enter_async_context(database(self._settings))
        return self._opened
