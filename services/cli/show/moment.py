"""Days and moments as a person types them."""

from datetime import UTC, date, datetime, time


def moment(text: str, of_a_day: time = time.max) -> datetime:
    """An instant in UTC: a day means its end, or another time; without a zone UTC is meant.

    Raises:
        ValueError: the text is neither a day nor an instant.
    """
    try:
        return datetime.combine(date.fromisoformat(text), of_a_day, UTC)
    except ValueError:
        found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
