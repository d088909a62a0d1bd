"""How a part tells that it is at work."""

from collections.abc import Callable
from functools import partial

Ready = Callable[[], None]
"""Called each time a part has joined its group, or has looked at the log."""


def nobody_waits() -> None:
    """Where nobody wants to be told."""


def all_of(ready: Ready, count: int) -> list[Ready]:
    """One for each of several that together are a part: all have told before ``ready`` is."""
    waiting = set(range(count))

    def told(place: int) -> None:
        waiting.discard(place)
        if not waiting:
            ready()

    return [partial(told, place) for place in range(count)]
