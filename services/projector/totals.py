"""Additions to totals put together: one row a key, as the statement that adds them needs it."""

from collections.abc import Iterable

from projections.definition import Row, Totals

Sums = dict[Row, list[int]]
"""The sums of each key."""


def add(totals: Totals, sums: Sums, rows: Iterable[Row]) -> None:
    """Add rows of ``totals.columns`` to the sums of their keys.

    Raises:
        ValueError: a row has not as many values as there are columns.
    """
    width = len(totals.key)
    for row in rows:
        key, more = row[:width], row[width:]
        known = sums.setdefault(key, [0] * len(totals.sums))
        for place, (one, other) in enumerate(zip(known, more, strict=True)):
            known[place] = one + other


def merged(totals: Totals, rows: Iterable[Row]) -> list[Row]:
    """One row for each key that the rows change."""
    sums: Sums = {}
    add(totals, sums, rows)
    return rows_of(sums)


def rows_of(sums: Sums) -> list[Row]:
    """As rows; keys whose sums are all 0 have none."""
    return [(*key, *values) for key, values in sums.items() if any(values)]
