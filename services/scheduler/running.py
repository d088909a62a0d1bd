"""The running part: what it has to do, turn by turn."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from services.runtime.patience import patiently
from services.runtime.pausing import until_set
from services.runtime.readiness import Ready, nobody_waits

PAUSE = 0.5
"""Seconds between two looks where nothing could go on."""
WHAT = "scheduler"
Turn = Callable[[], Awaitable[bool]]
"""One piece of work; False where there was none, or none that could go on."""


async def run(
    turns: Sequence[Turn],
    patience_seconds: float,
    stop: asyncio.Event,
    ready: Ready = nobody_waits,
) -> None:
    """Take all turns, one after the other, until ``stop`` is set.

    Raises:
        OutOfPatienceError: PostgreSQL stayed away.
    """
    first = True
    while not stop.is_set():
        went_on = [await patiently(turn, patience_seconds, WHAT) for turn in turns]
        if first:
            ready()
            first = False
        if not any(went_on):
            await until_set(stop, PAUSE)
