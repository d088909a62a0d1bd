"""What the commands of ``coursemark webhooks`` ask, and where."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.cli.running import database, go
from services.cli.stack.opening import done
from services.cli.stack.webhooks.port import Webhooks
from services.runtime.settings import Settings

T = TypeVar("T")


def ask(settings: Settings, work: Callable[[Webhooks], Awaitable[T]]) -> T:
    """Do it there."""
    return done(settings, lambda stack: work(stack.webhooks))


def private_networks(settings: Settings, school: str, *, allowed: bool | None) -> bool:
    """Allow them to a school's endpoints, or not; none: as it is. Answers how it is then."""

    async def answer() -> bool:
        from services.webhooks.endpoints import Endpoints

        async with database(settings) as pool:
            endpoints = Endpoints(pool)
            if allowed is not None:
                await endpoints.allow_private(school, allowed=allowed)
            return await endpoints.allows_private(school)

    return go(settings, answer())
