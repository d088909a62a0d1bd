"""Fewer walks of the garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 100_000
"""Objects made before the collector looks; Python's own 700 is meant for small programs."""


@contextmanager
def few_collections() -> Iterator[None]:
    """Commands, events, states and rows hold no circles, yet the collector would walk them all.

    At Python's own setting that is a third of a command's processor time, a quarter of a
    rebuild's, and two fifths of following with many states in memory. It counts for the whole
    process, while it lasts.
    """
    usual = gc.get_threshold()
    gc.set_threshold(max(YOUNG, usual[0]), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
