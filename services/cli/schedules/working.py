"""The commands of ``coursemark schedules`` that ask one thing of where schedules are kept."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.cli.stack.opening import done
from services.cli.stack.schedules.port import Schedules
from services.runtime.settings import Settings

T = TypeVar("T")


def ask(settings: Settings, work: Callable[[Schedules], Awaitable[T]]) -> T:
    """Do it there."""
    return done(settings, lambda stack: work(stack.schedules))
