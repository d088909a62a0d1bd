"""When a delivery that failed is tried again: ten attempts over three days, or `Retry-After`."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=21),
)
"""After each attempt; three days in all, near what Standard Webhooks recommends."""
SPREAD = 0.2
"""Each pause is up to so much shorter or longer, so that what failed together comes apart."""
LONGEST_ASKED = timedelta(hours=1)
"""What a receiver may ask for at the most: it is asked again after that, and may say so again."""


def pause(attempts: int, chance: random.Random) -> timedelta | None:
    """How long to wait after so many attempts that failed; None: not again."""
    if attempts > len(PAUSES):
        return None
    return PAUSES[attempts - 1] * chance.uniform(1 - SPREAD, 1 + SPREAD)


def asked(header: str | None, now: datetime) -> timedelta | None:
    """What ``Retry-After`` asks for (RFC 9110 §10.2.3): seconds or a date; None: nothing legible.

    Never before now and never after ``LONGEST_ASKED``.
    """
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        wanted = timedelta(seconds=min(int(text[:10]), LONGEST_ASKED.total_seconds()))
    else:
        try:
            date = parsedate_to_datetime(text)
        except ValueError:
            return None
        wanted = (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    return min(max(wanted, timedelta()), LONGEST_ASKED)
