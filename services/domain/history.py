"""A stream's events, and which of them still count."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from contracts.events import Event, Revoked
from services.domain.evolve import fold
from services.domain.state import NOTHING, Progress


class Placed(NamedTuple):
    """An event and its place in the stream, from 1."""

    version: int
    event: Event


def in_force(history: Sequence[Event]) -> list[Placed]:
    """The events that count: undone by no undo, and no undo themselves (B7)."""
    undone = {it.version for event in history if isinstance(event, Revoked) for it in event.undone}
    return [
        Placed(version, event)
        for version, event in enumerate(history, 1)
        if version not in undone and not isinstance(event, Revoked)
    ]


def folded(events: Iterable[Placed]) -> Progress:
    """The state after just these events."""
    return fold(NOTHING, (it.event for it in events))
