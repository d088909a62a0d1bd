"""The day or the moment that a card is shown for."""

from datetime import UTC, date, datetime, time
from typing import Literal

Clock = Literal["recorded", "effective"]
"""By when Coursemark wrote it down, or by when it was achieved (B4)."""


def moment(text: str) -> datetime:
    """An instant in UTC: a day means its end; without a zone UTC is meant.

    Raises:
        ValueError: the text is neither a day nor an instant.
    """
    try:
        return datetime.combine(date.fromisoformat(text), time.max, UTC)
    except ValueError:
        found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
