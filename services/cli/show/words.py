"""Figures in words."""

from collections.abc import Mapping
from datetime import datetime

from services.store.people import Person

MANUALLY = "Manually"
"""The label of what an administrator completed (M6)."""
UNDONE = "undone"
"""The label of what counts no more (B7)."""


def duration(seconds: int) -> str:
    """``1 h 05 min``, ``3 min 20 s``, ``45 s``; nothing for none."""
    if not seconds:
        return ""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def instant(at: datetime | None) -> str:
    """``2024-05-01 09:30``, in UTC."""
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"


def points(score: float | None) -> str:
    """A score as short as it goes."""
    return "" if score is None else f"{score:g}"


def named(user: str | None, people: Mapping[str, Person]) -> str:
    """Name and id of a user, the id alone where the directory knows no name."""
    if user is None:
        return ""
    person = people.get(user)
    return user if person is None or person.name is None else f"{person.name} ({user})"
