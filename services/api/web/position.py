"""The header ``Coursemark-Position``: how far the log was when something had been written.

Whoever sends it back with a read is answered when the view has come so far. Clients see text that
says nothing. A forged one makes its sender wait, and no more: it is a place in the log, which
names nobody and nothing.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from services.http.problems import Problem
from services.store.records import Position

HEADER = "Coursemark-Position"
LONGEST = 60
"""Characters; ours are shorter."""
_MOST = 2**63 - 1


def told(position: Position) -> dict[str, str]:
    """The header of an answer."""
    return {HEADER: urlsafe_b64encode(str(position).encode()).decode().rstrip("=")}


def position_of(text: str) -> Position:
    """The position that a request sends.

    Raises:
        Problem: 400.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        position = Position.parse(urlsafe_b64decode(padded).decode("ascii"))
    except ValueError:
        raise _wrong() from None
    if told(position)[HEADER] != text or not 0 <= min(position) <= max(position) <= _MOST:
        raise _wrong()
    return position


def _wrong() -> Problem:
    return Problem(400, "invalid_request", f"{HEADER}: send one as you got it, or none.")
