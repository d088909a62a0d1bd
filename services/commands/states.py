"""Streams as far as they were read and folded, the longest unused forgotten first."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from contracts.events import OF_NO_COURSE_RECORD, Event
from services.domain.evolve import fold
from services.domain.state import NOTHING, Progress
from services.store.mapper import decode
from services.store.records import NewEvent

LIMIT = 200_000
"""Streams and activities kept, some 60 MB."""


class Folded(NamedTuple):
    """The state after the event of that version."""

    version: int
    state: Progress

    @property
    def weight(self) -> int:
        """About how much room it takes."""
        return 1 + len(self.state.activities)


EMPTY = Folded(0, NOTHING)


class States:
    """Folded streams by name, within a limit."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._weight = 0
        self._folded: dict[str, Folded] = {}

    def wanted(self, streams: Iterable[str]) -> dict[str, int]:
        """Each stream with the version that is known of it, as ``EventLog.load`` takes it."""
        return {name: self._folded.get(name, EMPTY).version for name in streams}

    def after(self, loaded: Mapping[str, list[NewEvent]]) -> dict[str, Folded]:
        """The streams that ``wanted`` named, with what was loaded of them since."""
        return {name: folded(self._folded.get(name, EMPTY), new) for name, new in loaded.items()}

    def keep(self, streams: Mapping[str, Folded]) -> None:
        """Remember these; the longest unused make room."""
        for name, folded in streams.items():
            self._drop(name)
            self._folded[name] = folded
            self._weight += folded.weight
        while self._weight > self._limit:
            self._drop(next(iter(self._folded)))

    def forget(self, streams: Iterable[str]) -> None:
        """Read these anew the next time."""
        for name in streams:
            self._drop(name)

    def _drop(self, name: str) -> None:
        folded = self._folded.pop(name, None)
        if folded is not None:
            self._weight -= folded.weight


def folded(known: Folded, new: list[NewEvent]) -> Folded:
    """What is known of a stream, and the events that came since, which the log gave."""
    if not new:
        return known
    return Folded(new[-1].originator_version, fold(known.state, history(new)))


def history(stored: Iterable[NewEvent]) -> list[Event]:
    """The events of a learner in a course that the log gave, in order."""
    events = (decode(event.topic, event.state) for event in stored)
    return [event for event in events if not isinstance(event, OF_NO_COURSE_RECORD)]
