"""How much a token may ask for: a bucket of requests that fills again at an even rate.

Each process counts for itself. Headers as draft-ietf-httpapi-ratelimit-headers-10 has them.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from services.http.problems import Problem

REMEMBERED = 10_000
"""Tokens; of more, the one that has not asked for longest is forgotten, its bucket full again."""


class Limited(NamedTuple):
    """What a request left in its token's bucket; below 0: it was one too many.

    ``full_in`` and ``wait``: seconds until the bucket is full, and until it holds one request.
    """

    burst: int
    per_second: float
    left: float

    def check(self) -> None:
        """Let the request pass.

        Raises:
            Problem: 429.
        """
        if self.left < 0:
            wait = max(1, math.ceil(-self.left / self.per_second))
            raise Problem(
                429,
                "too_many_requests",
                f"This token asks too often; wait {wait} s.",
                headers={"Retry-After": str(wait)},
            )

    def headers(self) -> dict[str, str]:
        """``RateLimit-Policy`` and ``RateLimit``."""
        window = max(1, math.ceil(self.burst / self.per_second))
        left = max(0, math.floor(self.left))
        full_in = max(0, math.ceil((self.burst - left) / self.per_second))
        return {
            "RateLimit-Policy": f'"token";q={self.burst};w={window}',
            "RateLimit": f'"token";r={left};t={full_in}',
        }


class Limits:
    """The buckets; ``clock`` gives seconds that only grow."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend(self, token: str) -> Limited:
        """Take a request out of the token's bucket; one that is empty loses no more."""
        now = self._clock()
        held, at = self._buckets.pop(token, (float(self._burst), now))
        left = min(float(self._burst), held + (now - at) * self._per_second) - 1
        self._buckets[token] = (left if left >= 0 else left + 1), now
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return Limited(self._burst, self._per_second, left)
