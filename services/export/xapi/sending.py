"""Statements of the log's events, in commit order, to whatever takes them."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from contracts.registry import EVENTS, UNDOS
from services.export.folder import ExportError
from services.export.xapi.lrs import Made
from services.export.xapi.statements import statements
from services.store.cursors import Cursor, CursorMovedError
from services.store.log import EventLog
from services.store.records import Position
from services.store.selection import Selected, Stretch, Wanted, stretches

BATCH = 500
"""Statements that are sent together."""


class Sink(Protocol):
    """A file or a learning record store; ``known`` counts what it turned out to have already."""

    known: int

    async def store(self, made: Sequence[Made]) -> None:
        """Take statements, in order; returns when it has them."""


class Asked(NamedTuple):
    """Which events, up to which position, under which home; how many statements together."""

    wanted: Wanted
    until: Position
    home: str
    skip: Collection[str] = ()
    batch: int = BATCH


@dataclass
class Told:
    """What one run has done: statements by verb, wanted events without one by type."""

    position: Position
    stored: Counter[str] = field(default_factory=Counter)
    without: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    complete: bool = False


class XapiExport:
    """One run; ``cursor`` keeps its position, where it can be resumed."""

    def __init__(
        self, log: EventLog, sink: Sink, asked: Asked, told: Told, cursor: Cursor | None = None
    ) -> None:
        self._log = log
        self._sink = sink
        self._asked = asked
        self._cursor = cursor
        self.told = told

    async def run(self, stop: asyncio.Event, progress: Callable[[int], None]) -> None:
        """Send until the end or until ``stop`` is set.

        Raises:
            LrsError: the store does not take a statement; all before it are stored.
            UnreadableEventError: an event cannot be read; all before it are sent.
        """
        asked, told = self._asked, self.told
        wanted = _with_undos(asked.wanted)
        found = stretches(self._log, wanted, told.position, asked.until, skip=asked.skip)
        async with aclosing(found):
            async for stretch in found:
                if not await self._stretch(stretch, stop):
                    return
                progress(stretch.passed)
        told.complete = True

    async def _stretch(self, stretch: Stretch, stop: asyncio.Event) -> bool:
        """Its events, and with them where it ends; False where it was stopped before."""
        for at in range(0, len(stretch.events), self._asked.batch):
            if stop.is_set():
                return False
            await self._store(stretch.events[at : at + self._asked.batch])
        await self._move(stretch.end)
        self.told.skipped += stretch.skipped
        return True

    async def _store(self, events: Sequence[Selected]) -> None:
        made: list[Made] = []
        without: list[str] = []
        asked = self._asked
        for selected in events:
            bodies = statements(selected.event, selected.id, asked.home, asked.wanted.types)
            made += [Made(selected.id, body) for body in bodies]
            if not bodies and selected.type in (asked.wanted.types or EVENTS):
                without.append(selected.type)
        for at in range(0, len(made), asked.batch):
            await self._sink.store(made[at : at + asked.batch])
        self.told.stored.update(it.statement["verb"]["display"]["en"] for it in made)
        self.told.without.update(without)
        await self._move(events[-1].followed.position)

    async def _move(self, to: Position) -> None:
        if self._cursor is not None and to != self.told.position:
            try:
                await self._cursor.move(self.told.position, to)
            except CursorMovedError as error:
                raise ExportError(
                    "export_running",
                    "Another export of that name is under way; wait for its end, or name this one "
                    "differently.",
                ) from error
        self.told.position = to


def _with_undos(wanted: Wanted) -> Wanted:
    """What is voided has to be known, whichever types of events are wanted."""
    types = wanted.types
    return wanted if types is None else wanted._replace(types=types.union(UNDOS))
