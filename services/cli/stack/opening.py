"""Which Coursemark the settings mean."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from services.cli.running import go
from services.cli.stack.port import Stack
from services.runtime.settings import Settings

T = TypeVar("T")


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


def done(settings: Settings, work: Callable[[Stack], Awaitable[T]]) -> T:
    """What the work answers there, in a loop of its own."""

    async def answer() -> T:
        async with opened(settings) as stack:
            return await work(stack)

    return go(settings, answer())
