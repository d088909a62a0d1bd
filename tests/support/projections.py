"""Projections with a fault, made of sound ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from projections.progress import PROGRESS
from projections.progress.state import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.definition import Projection, Recorded
    from projections.progress.state import Record

POISON = "c-poison"
"""The command id of an event that `BROKEN` cannot fold."""


def _fold(before: Record | None, events: Sequence[Recorded]) -> Record:
    if any(recorded.event.command_id == POISON for recorded in events):
        raise ArithmeticError("does not add up")
    return fold(before, events)


BROKEN: Projection[Any] = replace(PROGRESS, fold=_fold)
RAISED: Projection[Any] = replace(PROGRESS, version=PROGRESS.version + 1)
