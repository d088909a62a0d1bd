"""Which Coursemark the settings mean."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.cli.stack.port import Stack
from services.runtime.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Stack]:
    """The API that is named, or else the servers; never the one in place of the other."""
    if settings.server is None:
        from services.cli.stack.local import local

        async with local(settings) as servers:
            yield servers
    else:
        from services.cli.stack.remote import remote

        async with remote(settings.server, settings) as api:
            yield api
