"""What is waited for comes to everybody who waits, at the last moment too."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from services.api.web.awaited import Awaited

if TYPE_CHECKING:
    from collections.abc import Collection


async def test_what_comes_in_the_very_turn_of_the_deadline_is_no_error() -> None:
    """The loop is held up until both are due: the deadline takes nothing back then."""
    awaited = Awaited[str, int](_nothing)
    loop = asyncio.get_running_loop()
    loop.call_later(0.03, time.sleep, 0.05)
    loop.call_later(0.04, awaited.tell, {"a": 1})
    assert await awaited.wait("a", 0.05) == 1


async def test_one_look_is_for_all_who_wait() -> None:
    looks: list[list[str]] = []

    async def look(keys: Collection[str]) -> dict[str, int]:
        looks.append(sorted(keys))
        return {key: len(looks) for key in keys}

    awaited = Awaited[str, int](look)
    waiting = [asyncio.create_task(awaited.wait(key, 5)) for key in ("a", "b", "a")]
    await asyncio.sleep(0)
    async with awaited.running():
        assert await asyncio.gather(*waiting) == [1, 1, 1]
    assert looks == [["a", "b"]]


async def test_what_does_not_come_is_none_and_is_looked_for_no_longer() -> None:
    looks: list[list[str]] = []

    async def look(keys: Collection[str]) -> dict[str, int]:
        looks.append(sorted(keys))
        return {"b": 1}

    awaited = Awaited[str, int](look)
    async with awaited.running():
        assert await awaited.wait("a", 0.01) is None
        seen = len(looks)
        assert await awaited.wait("b", 5) == 1
    assert looks[seen:] == [["b"]]


async def test_a_database_that_is_away_is_told_to_all_and_another_fault_ends_it() -> None:
    async def away(_keys: Collection[str]) -> dict[str, int]:
        raise ConnectionResetError

    async def broken(_keys: Collection[str]) -> dict[str, int]:
        raise LookupError

    async with Awaited[str, int](away).running():
        pass
    awaited = Awaited[str, int](away)
    async with awaited.running():
        with pytest.raises(ConnectionResetError):
            await awaited.wait("a", 5)
    failing = Awaited[str, int](broken)
    with pytest.raises(ExceptionGroup) as caught:
        async with failing.running():
            await failing.wait("a", 5)
    assert caught.group_contains(LookupError)


async def _nothing(_keys: Collection[str]) -> dict[str, int]:
    return {}
