"""The loop in which a view follows the log."""

import asyncio
from functools import partial
from typing import Any

from services.projector.follower import Follower
from services.projector.patience import patiently
from services.runtime.pausing import until_set
from services.store.cursors import CursorMovedError

POLL, GATHER, IDLE_POLL = 0.01, 0.025, 0.03
"""Seconds until the next look: after a few events, after many, while nothing comes.

A step costs hardly more for some hundred events than for one: the more there are, the more are
gathered first.
"""
MANY, FULL = 100, 1_000
"""Events of a step after which more are gathered; after which the next one follows at once."""
STANDBY = 1.0
"""Seconds that a projector stands back while another one moves, or builds, the same view."""


async def follow(follower: Follower[Any], stop: asyncio.Event) -> None:
    """Handle events as they come, until told to stop.

    Raises:
        ProjectionError: the view cannot go on.
    """
    seconds = POLL
    while not stop.is_set():
        handled = await patiently(partial(step, follower), stop)
        seconds = pause(handled, seconds)
        await until_set(stop, seconds)


async def step(follower: Follower[Any]) -> int | None:
    """Events handled; none where another projector moves the view."""
    generation = (await follower.cursor()).generation
    try:
        return await follower.step()
    except CursorMovedError:
        return None if (await follower.cursor()).generation == generation else 1


def pause(handled: int | None, last: float) -> float:
    """Seconds until the next step: none while there is more to do."""
    if handled is None:
        return STANDBY
    if handled == 0:
        return min(max(last, POLL) * 1.5, IDLE_POLL)
    if handled < MANY:
        return POLL
    return GATHER if handled < FULL else 0
