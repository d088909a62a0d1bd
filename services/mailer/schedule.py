"""When an e-mail that the server did not take is tried again: ever later, and not for ever."""

import random
from datetime import timedelta

PAUSES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60)
)
"""After the first failed try, the second, and so on; nine tries in about two days."""
JITTER = 0.2
"""Each pause is up to so much longer, so that what failed together does not come together."""


def pause(tries: int, chance: random.Random) -> timedelta | None:
    """How long to wait after so many failed tries; none: it was the last.

    >>> pause(1, random.Random(1)) >= PAUSES[0]
    True
    >>> pause(9, random.Random(1)) is None
    True
    """
    if tries > len(PAUSES):
        return None
    return PAUSES[tries - 1] * (1 + chance.uniform(0, JITTER))
