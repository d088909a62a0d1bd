"""Pages of the log: where the next one begins."""

from services.http.problems import Problem
from services.store.records import Position
from services.views.events_log import END

_LONGEST = 50


def wrong_cursor() -> Problem:
    """400: the cursor is none that an answer gave."""
    return Problem(400, "invalid_request", "cursor: send one as you got it.")


def position_of(cursor: str | None) -> Position:
    """The position that a page goes on before; the end of the log where none is given.

    Raises:
        Problem: 400.
    """
    try:
        before = END if cursor is None else Position.parse(cursor[:_LONGEST])
    except ValueError:
        raise wrong_cursor() from None
    if max(before) > max(END) or min(before) < 0:
        raise wrong_cursor()
    return before
