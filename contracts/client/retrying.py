"""When to ask again, and after how long. Pure: chance and sleep come from outside.

What is asked again is what does the same twice: reads, and commands, which keep their
Idempotency-Key. 429 and 409 ``in_progress`` did nothing, and 503 may have; a server that hangs up
may have, too. Nothing else changes by being asked again.
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import NamedTuple

BUSY = 409
TOO_MANY = 429
FAULT = 500
AWAY = frozenset({502, 503, 504})
"""By the API, or by what stands before it."""
IN_PROGRESS = "in_progress"


class Retries(NamedTuple):
    """``attempts``: requests for one call at the most; seconds: of the pauses between them.

    ``patience``: seconds of all pauses together; a server that asks for more is not waited for.
    """

    attempts: int = 6
    first: float = 0.2
    longest: float = 10.0
    patience: float = 60.0

    def pause(
        self, sent: int, paused: float, asked_for: float | None, chance: float
    ) -> float | None:
        """Seconds until the next attempt after ``sent`` of them; none: give up.

        ``asked_for``: the server's Retry-After; ``chance``: 0 to 1.
        """
        if sent >= self.attempts:
            return None
        backoff: float = min(self.longest, self.first * 2 ** (sent - 1))
        pause = chance * backoff if asked_for is None else asked_for + chance * self.first
        return pause if paused + pause <= self.patience else None


def worth_again(status: int, code: str | None, *, again: bool) -> bool:
    """Whether an answer may be another one if the same is asked again."""
    if status == TOO_MANY:
        return True
    if status == FAULT:
        return again and code is None  # not in the API's words: it was ended while it answered
    return again and (status in AWAY or (status == BUSY and code == IN_PROGRESS))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, given as such or as a date beside the answer's own (RFC 9110 §10.2.3)."""
    given = headers.get("retry-after", "").strip()
    if given.isdecimal():
        return float(given)
    try:
        until, now = (parsedate_to_datetime(it) for it in (given, headers.get("date", "")))
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):
        return None


RETRIES = Retries()
