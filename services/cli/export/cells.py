"""Columns and formats of the exports."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from contracts.envelope import timestamp

Row = tuple[Any, ...]
"""A row of a view, its values in the order of the columns."""
Formats = Mapping[str, Callable[[Any], str]]
"""Each column, in order, with how its values are written; none is always empty."""


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _two_decimals(value: float) -> str:
    return f"{value:.2f}"


def _short(value: float) -> str:
    return str(value).removesuffix(".0")


def _instant(value: datetime) -> str:
    return timestamp(value)


PROGRESS: Formats = {
    "school": str,
    "learner": str,
    "course": str,
    "enrolled": _truth,
    "attempt": str,
    "status": str,
    "progress_rate": _two_decimals,
    "completed_required": str,
    "required": str,
    "average_score": _two_decimals,
    "time_spent": str,
    "provenance": str,
    "manually_completed": _truth,
    "completed_at": _instant,
}
ACTIVITY: Formats = {
    "school": str,
    "learner": str,
    "course": str,
    "activity": str,
    "completed": _truth,
    "score": _short,
    "provenance": str,
    "manually_completed": _truth,
    "time_spent": str,
    "completed_at": _instant,
}


def cells(row: Row, formats: Formats) -> list[str]:
    """The row as text."""
    return [
        "" if value is None else write(value)
        for write, value in zip(formats.values(), row, strict=True)
    ]
