"""The latest event of some streams, read from the log and kept in memory."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from services.store.log import EventLog
from services.store.mapper import LoggedEvent, decode
from services.store.records import NewEvent

T = TypeVar("T")


class Known(NamedTuple, Generic[T]):
    """A stream as far as it was read; ``version`` is the stream's."""

    version: int = 0
    latest: T | None = None


class Latest(Generic[T]):
    """What ``take`` makes of each stream's last event; ``refresh`` reads only what came since.

    ``take`` gives none for an event that says nothing of it. ``limit``: streams that are kept; the
    longest unused ones go first, those of the last ``refresh`` stay whatever their number.
    """

    def __init__(self, log: EventLog, take: Callable[[LoggedEvent], T | None], limit: int) -> None:
        self._log = log
        self._take = take
        self._limit = limit
        self._known: dict[str, Known[T]] = {}

    async def refresh(self, streams: Iterable[str]) -> None:
        """Read what is new in these streams, in one query.

        What is known of them stays known meanwhile, whatever others refresh.
        """
        before = {name: self._of(name) for name in streams}
        loaded = await self._log.load({name: it.version for name, it in before.items()})
        for name, it in before.items():
            self._known.setdefault(name, it)
        self.absorb(loaded)

    def wanted(self, streams: Iterable[str]) -> dict[str, int]:
        """Each stream with the version that is known of it, as ``EventLog.load`` takes it."""
        return {name: self._of(name).version for name in streams}

    def absorb(self, loaded: Mapping[str, list[NewEvent]]) -> None:
        """Take over what was loaded of the streams that ``wanted`` named."""
        for name, events in loaded.items():
            known = self._of(name)
            self._known.pop(name, None)
            for event in events:
                latest = self._take(decode(event.topic, event.state))
                if latest is not None and event.originator_version > known.version:
                    known = Known(event.originator_version, latest)
            self._known[name] = known
        surplus = len(self._known) - max(self._limit, len(loaded))
        for name in list(islice(self._known, max(0, surplus))):
            del self._known[name]

    def latest(self, stream: str) -> T | None:
        """What its last event says, none where it is empty or was never refreshed."""
        return self._of(stream).latest

    def reached(self, stream: str) -> int:
        """The stream's version, 0 where it is empty or was never refreshed."""
        return self._of(stream).version

    def _of(self, stream: str) -> Known[T]:
        return self._known.get(stream) or Known()
