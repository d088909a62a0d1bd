"""Projections with a fault, made of sound ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from projections.definition import Write
from projections.events_log import EVENTS_LOG
from projections.progress import PROGRESS
from projections.progress.state import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.definition import Change, Projection, Recorded, Row
    from projections.events_log.entries import Entries
    from projections.progress.state import Record

POISON = "c-poison"
"""The command id of an event that `BROKEN` cannot fold."""


def _fold(before: Record | None, events: Sequence[Recorded]) -> Record:
    if any(recorded.event.command_id == POISON for recorded in events):
        raise ArithmeticError("does not add up")
    return fold(before, events)


BROKEN: Projection[Any] = replace(PROGRESS, fold=_fold)
RAISED: Projection[Any] = replace(PROGRESS, version=PROGRESS.version + 1)


def _refused(changes: Sequence[Change[Entries]]) -> list[Write]:
    return [
        Write(name, [_spoiled(row) for row in rows]) for name, rows in EVENTS_LOG.writes(changes)
    ]


def _spoiled(row: Row) -> Row:
    poison = POISON in row
    return tuple("\0" if poison and value == POISON else value for value in row)


REFUSED: Projection[Any] = replace(EVENTS_LOG, writes=_refused)
"""Its row of the event that `BROKEN` cannot fold is one that PostgreSQL does not take."""
