"""A circuit breaker, as a value: what an endpoint's answers so far mean for the next request.

Closed: everything is sent. After ``THRESHOLD`` failures in a row it is open, and nothing is sent
until ``open_until``. Then it is half-open: one request is a probe. If it fails the breaker is open
for twice as long as before, if it succeeds the breaker is closed. What waits behind an open breaker
uses up none of its attempts.
"""

import random
from datetime import datetime, timedelta
from typing import NamedTuple

THRESHOLD = 5
FIRST, LONGEST = timedelta(seconds=10), timedelta(minutes=10)
"""How long it is open; doubled with each probe that fails."""
DEAD_AFTER = timedelta(days=5)
"""An endpoint that took nothing for so long gets nothing more (longer than the schedule lasts)."""


class Health(NamedTuple):
    """``failures``: in a row. ``failing_since``: the first of them."""

    failures: int = 0
    failing_since: datetime | None = None
    open_until: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether nothing may be sent."""
        return self.open_until is not None and now < self.open_until

    @property
    def probes(self) -> bool:
        """Whether only one request may be under way."""
        return self.failures >= THRESHOLD

    def is_dead(self, now: datetime) -> bool:
        """Whether it has failed for so long that it is to be disabled."""
        return (
            self.probes
            and self.failing_since is not None
            and now - self.failing_since >= DEAD_AFTER
        )

    def failed(self, now: datetime, chance: random.Random) -> "Health":
        """After a failure; those of requests begun before it opened change nothing."""
        if self.probes and self.is_open(now):
            return self
        failures, since = self.failures + 1, self.failing_since or now
        if failures < THRESHOLD:
            return Health(failures, since, self.open_until)
        doublings = min(failures - THRESHOLD, 20)
        wait = min(FIRST * 2**doublings, LONGEST) * chance.uniform(0.8, 1)
        return Health(failures, since, _later(self.open_until, now + wait))

    def asked_to_wait(self, until: datetime) -> "Health":
        """After an answer with ``Retry-After``: open until then at least."""
        return self._replace(open_until=_later(self.open_until, until))


CLOSED = Health()
"""After a success."""


def _later(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else max(one, other)
