"""Loops that make up one part: they end together, and none is cut off in the middle."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

Loop = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set."""


async def together(stop: asyncio.Event, *loops: Loop) -> None:
    """Run the loops until ``stop`` is set or one of them ends; then the others end in good order.

    Raises:
        Exception: what the first of them raised.
    """
    ending = asyncio.Event()

    async def run(loop: Loop) -> None:
        try:
            await loop(ending)
        finally:
            ending.set()

    async def pass_on() -> None:
        await stop.wait()
        ending.set()

    passing = asyncio.create_task(pass_on())
    try:
        outcomes = await asyncio.gather(*map(run, loops), return_exceptions=True)
    finally:
        passing.cancel()
        await asyncio.gather(passing, return_exceptions=True)
    for outcome in outcomes:
        if outcome is not None:
            raise outcome


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Work that goes on while this is entered, and is cancelled on the way out.

    Raises:
        ExceptionGroup: the work failed; what is inside was cancelled then.
    """
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work)
        try:
            yield task
        finally:
            task.cancel()
