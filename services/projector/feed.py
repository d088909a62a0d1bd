"""The log as all views of a process follow it: read once and decoded once, whoever comes first.

What the first of them reads is kept for the others, as a window that moves with the log. Whoever
is first waits a moment before it moves the window past another: with more to do than can be
done, all come to the same pace, and nothing is read twice. A view that is further behind reads
for itself, and comes to the window when it has caught up.
"""

import asyncio
import contextlib
from bisect import bisect_right
from collections.abc import Iterable
from operator import attrgetter
from time import monotonic
from typing import NamedTuple

from services.store.log import EventLog
from services.store.mapper import LoggedEvent, decode
from services.store.records import ORIGIN, FollowedEvent, Position

KEPT = 10_000
"""Events in the window; some 20 MB decoded."""
LARGE = 4_000_000
"""Bytes of a page as it is stored, and half of a window's. Course structures may take 100 kB each,
and a school may publish thousands of them."""
FIRST_PAGE, SMALLEST_PAGE = 500, 20
"""Events of the first page, from which the size of the next ones follows."""
TURN = 500
"""Events decoded before others get their turn."""
FRESH = 0.004
"""Seconds for which others believe the one who found nothing new."""
PATIENCE = 1.0
"""Seconds for which the first waits for others; one that hangs must not hold it up for long."""
_POSITION = attrgetter("position")


class Decoded(NamedTuple):
    """An event of the log, ``size`` bytes as stored; if it cannot be decoded, ``event`` is why."""

    position: Position
    stream: str
    version: int
    topic: str
    event: LoggedEvent | Exception
    size: int


class Feed:
    """A window of the log; every event after ``_start`` up to its end is in it."""

    def __init__(self, log: EventLog, kept: int = KEPT) -> None:
        self._log = log
        self._kept = kept
        self._start = ORIGIN
        self._window: list[Decoded] = []
        self._bytes = 0
        self._looked = 0.0
        self._page_size = FIRST_PAGE
        self._readers: dict[str, Position] = {}
        self._moved = asyncio.Event()
        self._lock = asyncio.Lock()
        self._ahead: tuple[Position, asyncio.Task[list[FollowedEvent]]] | None = None

    async def follow(self, reader: str, after: Position, limit: int) -> list[Decoded]:
        """The next events in commit order, at most ``limit``; none at the end of the log."""
        self._readers[reader] = after
        self._moved.set()
        if after >= self._end:
            async with self._lock:
                await self._go_on(after, limit)
        if after < self._start:
            return await _decoded(await self._log.follow(after, limit))
        first = bisect_right(self._window, after, key=_POSITION)
        return self._window[first : first + limit]

    def leave(self, reader: str) -> None:
        """Nobody waits for this reader any more."""
        self._readers.pop(reader, None)
        self._moved.set()

    async def close(self) -> None:
        """Stop reading ahead."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead[1].cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await ahead[1]

    @property
    def _end(self) -> Position:
        return self._window[-1].position if self._window else self._start

    async def _go_on(self, after: Position, limit: int) -> None:
        """Move the window, where nobody has done it meanwhile."""
        if after == self._end:
            await self._wait_for_others(limit)
        if after > self._end:
            self._start, self._window, self._bytes = after, [], 0
        if after == self._end and monotonic() - self._looked > FRESH:
            await self._extend(limit)

    async def _wait_for_others(self, limit: int) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not self._has_room(limit):
                    self._moved.clear()
                    await self._moved.wait()

    def _has_room(self, limit: int) -> bool:
        """True where no other reader would fall out of the window."""
        surplus = len(self._window) + min(limit, self._page_size) - self._kept
        if surplus <= 0 or not self._window:
            return True
        start = self._window[min(surplus, len(self._window)) - 1].position
        return not any(self._start <= at < start for at in self._readers.values())

    async def _extend(self, limit: int) -> None:
        """Read on from the end; a full page means that there is more, which is read ahead."""
        size = min(limit, self._page_size)
        page = await _decoded(await self._page(size))
        self._looked = 0.0 if page else monotonic()
        read = sum(event.size for event in page)
        self._window += page
        self._bytes += read
        self._forget_oldest(len(page))
        if len(page) == size:
            fitting = LARGE * size // max(read, 1)
            self._page_size = max(SMALLEST_PAGE, min(2 * size, fitting))
            following = self._log.follow(self._end, min(limit, self._page_size))
            self._ahead = self._end, asyncio.create_task(following)

    def _forget_oldest(self, fresh: int) -> None:
        """Keep within the bounds; what was just read stays."""
        most = len(self._window) - fresh
        surplus = max(0, min(most, len(self._window) - self._kept))
        self._bytes -= sum(event.size for event in self._window[:surplus])
        while surplus < most and self._bytes > 2 * LARGE:
            self._bytes -= self._window[surplus].size
            surplus += 1
        if surplus:
            self._start = self._window[surplus - 1].position
            del self._window[:surplus]

    async def _page(self, size: int) -> list[FollowedEvent]:
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return await self._log.follow(self._end, size)
        if ahead[0] == self._end:
            return await ahead[1]
        ahead[1].cancel()
        return await self._log.follow(self._end, size)


async def _decoded(page: Iterable[FollowedEvent]) -> list[Decoded]:
    decoded: list[Decoded] = []
    for position, stream, version, topic, state in page:
        try:
            event: LoggedEvent | Exception = decode(topic, state)
        except (ValueError, LookupError) as error:
            event = error
        decoded.append(Decoded(position, stream, version, topic, event, len(state)))
        if len(decoded) % TURN == 0:
            await asyncio.sleep(0)
    return decoded
