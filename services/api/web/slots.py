"""So many of what lasts at one time, in all and of one token."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from services.http.problems import Problem

AGAIN_SECONDS = 10


class Slots:
    """``what``: their name, such as streams."""

    def __init__(self, what: str, in_all: int, of_token: int) -> None:
        self._what = what
        self._in_all = in_all
        self._of_token = of_token
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, token: str) -> Iterator[None]:
        """One of them, until it is left.

        Raises:
            Problem: 429 where the token has too many, 503 where all are taken.
        """
        again = {"Retry-After": str(AGAIN_SECONDS)}
        if self._taken[token] >= self._of_token:
            raise Problem(
                429,
                f"too_many_{self._what}",
                f"This token has {self._of_token} {self._what} open; end one first.",
                headers=again,
            )
        if self._taken.total() >= self._in_all:
            raise Problem(
                503, "busy", f"Too many {self._what} are open; ask again soon.", headers=again
            )
        self._taken[token] += 1
        try:
            yield
        finally:
            self._taken -= Counter([token])
