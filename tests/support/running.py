"""A projector that runs beside a test."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from services.runtime.embedded.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.projector.runtime import Projector


@asynccontextmanager
async def running(*projectors: Projector) -> AsyncIterator[asyncio.Event]:
    """They follow until the end of the block, or until the event is set; failures come out."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(projector.run(stop)) for projector in projectors]
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def caught_up(projector: Projector, *names: str, within: float = 60) -> None:
    """Wait until the views, all of them by default, are at the end of the log."""

    async def are() -> bool:
        found = [it for it in await projector.statuses() if not names or it.name in names]
        return not any(it.behind for it in found)

    assert await until(are, within=within), await projector.statuses()
