"""Reads of the past: as it was at an instant (B10)."""

from typing import Annotated

from fastapi import Depends, Query

from contracts.fields import Instant
from services.api.standing import Standing, Stands
from services.http.problems import Problem
from services.store.selection import Clock
from services.views.cards.folding import Past
from services.views.cards.past import TooMuchError

At = Annotated[
    Instant | None,
    Query(
        description="As it was at that instant (RFC 3339), from the log alone.",
        examples=["2024-05-01T09:30:00Z"],
    ),
]
By = Annotated[
    Clock,
    Query(
        description="With at. recorded: what was known then; effective: what is known today to "
        "have been achieved by then."
    ),
]


def past(standing: Standing, at: Instant | None, by: Clock) -> Past | None:
    """The moment that is asked for; none: now.

    Raises:
        Problem: 400.
    """
    if at is None:
        return None
    if at > standing.clock():
        raise Problem(400, "invalid_request", "at: lies in the future; ask for now without it.")
    return Past(at, by)


async def _when(standing: Stands, at: At = None, by: By = "recorded") -> Past | None:
    return past(standing, at, by)


When = Annotated[Past | None, Depends(_when)]
"""The moment that is asked for; none: now."""


def too_much(error: TooMuchError) -> Problem:
    """400: that past cannot be read at one time."""
    return Problem(400, error.code, str(error))
