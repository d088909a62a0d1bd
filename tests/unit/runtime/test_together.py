"""Loops of one part end together, and none is cut off in the middle of its work."""

from __future__ import annotations

import asyncio

import pytest

from services.runtime.together import together


async def test_whoever_ends_the_others_finish_what_they_do() -> None:
    finished: list[str] = []

    async def careful(stop: asyncio.Event) -> None:
        await stop.wait()
        await asyncio.sleep(0)
        finished.append("careful")

    async def broken(_stop: asyncio.Event) -> None:
        raise LookupError("broken")

    with pytest.raises(LookupError, match="broken"):
        await together(asyncio.Event(), careful, broken)
    assert finished == ["careful"]


async def test_all_are_told_to_stop() -> None:
    stop, seen = asyncio.Event(), list[bool]()

    async def loop(ending: asyncio.Event) -> None:
        await ending.wait()
        seen.append(stop.is_set())

    running = asyncio.create_task(together(stop, loop, loop))
    await asyncio.sleep(0)
    stop.set()
    await running
    assert seen == [True, True]
