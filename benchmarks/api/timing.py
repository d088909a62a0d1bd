"""Requests at a steady rate, whatever becomes of those before; and as many as can be.

A request's time begins when it was due, not when a line was free for it: what a slow answer holds
up counts in full (no coordinated omission).
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

from benchmarks.api.line import Lines, LostError, Request

LOST = 0
"""In place of a status: there was no answer."""
ANSWERED = range(200, 300)
AT_ONCE = 32
"""Requests under way where as many are asked as can be."""

Asks = Callable[[int], Request]
"""The request of a number."""


class Timed(NamedTuple):
    """Milliseconds of each request, and how many had which status; ``late``: of the sends."""

    milliseconds: list[float]
    statuses: Counter[int]
    late: list[float]


async def steadily(lines: Lines, asks: Asks, rate: int, seconds: float, warm_up: float) -> Timed:
    """So many a second for so long; those of the first seconds do not count."""
    skipped = int(rate * warm_up)
    timed = Timed([], Counter(), [])
    begins = perf_counter()

    async def one(number: int, due: float) -> None:
        late = (perf_counter() - due) * 1e3
        status = await _status(lines, asks(number))
        if number >= skipped:
            timed.milliseconds.append((perf_counter() - due) * 1e3)
            timed.late.append(late)
            timed.statuses[status] += 1

    async with asyncio.TaskGroup() as group:
        for number in range(skipped + int(rate * seconds)):
            due = begins + number / rate
            await asyncio.sleep(max(0.0, due - perf_counter()))
            group.create_task(one(number, due))
    return timed


async def at_most(lines: Lines, asks: Asks, seconds: float) -> tuple[float, Counter[int]]:
    """Answers a second where the next is asked as soon as one is answered, and their statuses.

    Each of ``AT_ONCE`` asks once, however long that takes.
    """
    statuses: Counter[int] = Counter()
    begins = perf_counter()
    ends = begins + seconds

    async def keep(first: int) -> None:
        number = first
        while True:
            statuses[await _status(lines, asks(number))] += 1
            number += AT_ONCE
            if perf_counter() >= ends:
                break

    await asyncio.gather(*(keep(first) for first in range(AT_ONCE)))
    return statuses.total() / (perf_counter() - begins), statuses


async def _status(lines: Lines, request: Request) -> int:
    try:
        return await lines.ask(request)
    except (LostError, OSError):
        return LOST
