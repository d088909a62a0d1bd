"""The bucket of a token: so many at once, and so many a second for long."""

from __future__ import annotations

import pytest

from services.api.web import limits
from services.api.web.limits import Limits
from services.http.problems import Problem


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_is_spent_and_fills_again() -> None:
    clock = Clock()
    bucket = Limits(2, 4, clock)
    left = [bucket.spend("a").left for _ in range(6)]
    assert left == [3, 2, 1, 0, -1, -1]  # what was refused costs nothing
    clock.now += 0.5
    assert [bucket.spend("a").left for _ in range(2)] == [0, -1]
    clock.now += 1_000
    assert bucket.spend("a").left == 3
    assert bucket.spend("b").left == 3


def test_headers_say_what_is_left_and_when_it_is_full() -> None:
    clock = Clock()
    bucket = Limits(2, 4, clock)
    assert bucket.spend("a").headers() == {
        "RateLimit-Policy": '"token";q=4;w=2',
        "RateLimit": '"token";r=3;t=1',
    }
    for _ in range(3):
        bucket.spend("a").check()
    with pytest.raises(Problem) as refused:
        bucket.spend("a").check()
    assert (refused.value.status, refused.value.headers) == (429, {"Retry-After": "1"})


def test_tokens_that_ask_no_more_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 2)
    bucket = Limits(0.001, 2, Clock())
    for token in ("a", "b", "a", "c"):
        bucket.spend(token)
    assert bucket.spend("a").left < 0  # it asked after b did
    assert bucket.spend("b").left == 1
