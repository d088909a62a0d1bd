"""What holding a view against the log has found."""

from typing import NamedTuple

from contracts.topics import Stream
from projections.definition import Row

SHOWN = 1_000
"""Differences that are kept; the others are counted."""


class Difference(NamedTuple):
    """A stream whose rows in a table are not those of its events.

    Where the table is of totals there is no stream, and a difference for each key: the row as it
    should be is missing, the row as it is unexpected.
    """

    stream: Stream | None
    table: str
    missing: tuple[Row, ...]
    unexpected: tuple[Row, ...]


class Checked(NamedTuple):
    """What a check found; ``differing`` counts all differences, shown or not."""

    streams: int
    events: int
    differing: int
    differences: list[Difference]
