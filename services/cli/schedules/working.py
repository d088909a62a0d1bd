"""The commands of ``coursemark schedules`` that ask one thing of where schedules are kept."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.cli.running import go
from services.cli.stack.opening import opened
from services.cli.stack.schedules.port import Schedules
from services.runtime.settings import Settings

T = TypeVar("T")


def ask(settings: Settings, work: Callable[[Schedules], Awaitable[T]]) -> T:
    """Do it there."""

    async def answer() -> T:
        async with opened(settings) as stack:
            return await work(stack.schedules)

    return go(settings, answer())
