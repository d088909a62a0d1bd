"""Promise: a projector waits out an absent PostgreSQL, for a bounded time, and stops when told."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from services.projector import patience
from services.projector.patience import TRIES, patiently, unless_stopped

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0)


def failing(times: int, error: Exception, calls: list[int]) -> Callable[[], Awaitable[str]]:
    """Fails so many times before it succeeds."""

    async def action() -> str:
        calls.append(1)
        if len(calls) <= times:
            raise error
        return "done"

    return action


async def test_what_passes_is_tried_again() -> None:
    calls: list[int] = []
    assert await patiently(failing(3, ConnectionResetError(), calls), asyncio.Event()) == "done"
    assert len(calls) == 4


async def test_it_gives_up_after_so_many_tries() -> None:
    calls: list[int] = []
    with pytest.raises(ConnectionResetError):
        await patiently(failing(TRIES, ConnectionResetError(), calls), asyncio.Event())
    assert len(calls) == TRIES


async def test_what_does_not_pass_is_not_tried_again() -> None:
    calls: list[int] = []
    with pytest.raises(ArithmeticError):
        await patiently(failing(1, ArithmeticError(), calls), asyncio.Event())
    assert len(calls) == 1


async def test_told_to_stop_it_tries_no_more() -> None:
    calls, stop = list[int](), asyncio.Event()
    stop.set()
    assert await patiently(failing(9, ConnectionResetError(), calls), stop) is None
    assert len(calls) == 1


async def test_work_is_cancelled_when_told_to_stop() -> None:
    stop, begun, cancelled = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    running = asyncio.create_task(unless_stopped(work(), stop))
    await begun.wait()
    stop.set()
    assert await running is None
    assert cancelled.is_set()


async def test_work_that_fails_says_so() -> None:
    async def work() -> None:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await unless_stopped(work(), asyncio.Event())
