"""The log's events into a folder, in commit order, chunk by chunk; memory stays flat."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import NamedTuple

from services.export.chunk import Chunk
from services.export.folder import ExportError, Folder, State
from services.store.log import EventLog
from services.store.records import Position
from services.store.selection import (
    STRETCH,
    Stretch,
    UnreadableEventError,
    Wanted,
    event_at,
    stretches,
)


class Limits(NamedTuple):
    """When a chunk is written: at so many bytes in memory, or after so many events passed.

    ``stretch`` events are read together.
    """

    size: int = 64 * 1024 * 1024
    passed: int = 1_000_000
    stretch: int = STRETCH


@dataclass
class Told:
    """What one run has done; ``complete`` when it came to its end."""

    position: Position
    written: Counter[str] = field(default_factory=Counter)
    files: int = 0
    bytes: int = 0
    skipped: list[str] = field(default_factory=list)
    complete: bool = False


class EventExport:
    """One run, from where the state says."""

    def __init__(
        self,
        log: EventLog,
        folder: Folder,
        chunk: Chunk,
        state: State,
        limits: Limits = Limits(),  # noqa: B008 - immutable
    ) -> None:
        self._log = log
        self._folder = folder
        self._chunk = chunk
        self._state = state
        self._limits = limits
        self._waiting: Counter[str] = Counter()
        self._skipped: list[str] = []
        self._end = state.position
        self.told = Told(state.position)

    async def run(
        self,
        wanted: Wanted,
        until: Position,
        skip: Collection[str],
        stop: asyncio.Event,
        progress: Callable[[int], None],
    ) -> Told:
        """Export up to and with a position, or until ``stop`` is set.

        Raises:
            ExportError: ``log_differs``: the log is not the one that the export was begun on.
            UnreadableEventError: an event cannot be read; all before it are exported.
        """
        await self._is_the_same_log()
        self._folder.clean(self._state.position)
        try:
            after, size = self._state.position, self._limits.stretch
            async with aclosing(
                stretches(self._log, wanted, after, until, skip=skip, size=size)
            ) as found:
                self.told.complete = await self._take(found, stop, progress)
        except UnreadableEventError:
            await self._write()
            raise
        await self._write()
        return self.told

    async def _take(
        self,
        found: AsyncIterator[Stretch],
        stop: asyncio.Event,
        progress: Callable[[int], None],
    ) -> bool:
        """Take stretch after stretch in; False where it was stopped before the end."""
        passed, limits = 0, self._limits
        async for stretch in found:
            self._chunk.add(stretch.events)
            self._waiting.update(event.type for event in stretch.events)
            self._skipped += stretch.skipped
            self._end = stretch.end
            passed += stretch.passed
            progress(stretch.passed)
            if stop.is_set():
                return False
            if self._chunk.size >= limits.size or passed >= limits.passed:
                await self._write()
                passed = 0
        return True

    async def _write(self) -> None:
        """The chunk to disk, and the state behind it."""
        end = self._end
        if end == self._state.position:
            return
        self._chunk.write(self._folder, end)
        self._state = self._state._replace(
            position=end,
            event=await event_at(self._log, end),
            events=self._state.events + self._waiting.total(),
            skipped=(*self._state.skipped, *self._skipped),
        )
        files = self._folder.commit(self._state)
        self.told.files += len(files)
        self.told.bytes += sum(file.stat().st_size for file in files)
        self.told.written += self._waiting
        self.told.skipped += self._skipped
        self.told.position = end
        self._waiting.clear()
        self._skipped = []

    async def _is_the_same_log(self) -> None:
        """A log that was restored into another cluster has other positions."""
        state = self._state
        if state.event is not None and await event_at(self._log, state.position) != state.event:
            raise ExportError(
                "log_differs",
                f"At position {state.position} the log does not have the event {state.event}, "
                "which the folder ends with: it is another log, or one that was restored. Export "
                "into a new folder.",
            )
