"""The log's events to a topic, in commit order, marked as a replay.

A message is what the publisher makes of the event, with the same id, and the attribute ``replay``
that names the replay. Positions are stored after the acknowledgements: killed at any moment and
resumed, a replay loses nothing and repeats at most what it sent last.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from services.publisher.events import message
from services.replay.rate import Rate
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.patience import patiently
from services.store.cursors import Cursor, CursorMovedError
from services.store.log import EventLog
from services.store.records import Position
from services.store.selection import STRETCH, Selected, Wanted, stretches

MARK = "ce_replay"
"""The header of the attribute ``replay``: whoever reads the topic can tell it from news."""


class ReplayMovedError(Exception):
    """``replay_running``: another one of the same name is under way."""

    code = "replay_running"


class Asked(NamedTuple):
    """A replay: its ``id``, the topic's full name, the events, up to which position."""

    id: str
    topic: str
    wanted: Wanted
    until: Position
    skip: Collection[str] = ()


@dataclass
class Told:
    """What a replay has done so far; ``complete`` when it has come to its end."""

    position: Position
    sent: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    passed: int = 0
    complete: bool = False


class Replay:
    """One replay; ``cursor`` keeps its position, where it can be resumed."""

    def __init__(
        self,
        log: EventLog,
        outbox: Outbox,
        asked: Asked,
        told: Told,
        patience_seconds: float,
        *,
        cursor: Cursor | None = None,
        rate: Rate | None = None,
    ) -> None:
        self._log = log
        self._outbox = outbox
        self._asked = asked
        self._patience = patience_seconds
        self._cursor = cursor
        self._rate = rate
        self.told = told

    async def run(self, stop: asyncio.Event, progress: Callable[[int], None]) -> float:
        """Send until the end or until ``stop`` is set; ``progress`` hears how many more are passed.

        Returns the seconds that it took.

        Raises:
            UnreadableEventError: an event cannot be read; all before it were sent.
            ReplayMovedError: somebody else moves the same replay.
            OutOfPatienceError: Kafka stayed away.
        """
        clock = asyncio.get_running_loop().time
        began = clock()
        self.told.complete = await self._run(stop, progress)
        return clock() - began

    async def _run(self, stop: asyncio.Event, progress: Callable[[int], None]) -> bool:
        """True at the end, False where it was stopped before."""
        asked, told = self._asked, self.told
        found = stretches(self._log, asked.wanted, told.position, asked.until, skip=asked.skip)
        async with aclosing(found):
            async for stretch in found:
                for page in self._pages(stretch.events):
                    if stop.is_set():
                        return False
                    await self._send(page)
                await self._move(stretch.end)
                told.skipped += stretch.skipped
                told.passed += stretch.passed
                progress(stretch.passed)
        return True

    def _pages(self, events: Sequence[Selected]) -> Iterator[Sequence[Selected]]:
        """What is sent together: little where the rate is low, so that it goes out evenly."""
        size = STRETCH if self._rate is None else min(STRETCH, self._rate.burst)
        return (events[at : at + size] for at in range(0, len(events), size))

    async def _send(self, page: Sequence[Selected]) -> None:
        if self._rate is not None:
            await self._rate.take(len(page))
        messages = [self._marked(selected) for selected in page]
        await patiently(partial(self._outbox.send, messages), self._patience, "the replay")
        self.told.sent.update(selected.type for selected in page)
        await self._move(page[-1].followed.position)

    def _marked(self, selected: Selected) -> Message:
        sent = message(selected.followed)
        mark = (MARK, self._asked.id.encode())
        return sent._replace(topic=self._asked.topic, headers=[*sent.headers, mark])

    async def _move(self, to: Position) -> None:
        if self._cursor is not None and to != self.told.position:
            try:
                await self._cursor.move(self.told.position, to)
            except CursorMovedError as error:
                raise ReplayMovedError(
                    f"Another replay {self._asked.id} is under way; wait for its end, or name "
                    "this one differently."
                ) from error
        self.told.position = to
