"""A replay goes out evenly, at the rate that was asked for, whatever was idle before."""

from __future__ import annotations

from itertools import pairwise

import pytest

from services.replay.rate import Rate


class Time:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def clock(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


async def sent(rate: Rate, time: Time, pages: int, size: int) -> list[float]:
    """When each page went out."""
    moments = []
    for _ in range(pages):
        await rate.take(size)
        moments.append(time.now)
    return moments


@pytest.mark.parametrize(("per_second", "page"), [(1_000, 100), (50, 5), (3, 1), (0.5, 1)])
async def test_so_many_a_second_and_no_more_in_any_second(per_second: float, page: int) -> None:
    time = Time()
    rate = Rate(per_second, time.clock, time.wait)
    assert rate.burst == page
    moments = await sent(rate, time, 100, page)
    assert moments[-1] == pytest.approx((100 - 1) * page / per_second)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert gaps == pytest.approx([page / per_second] * 99)


async def test_time_that_nobody_used_is_not_saved_up() -> None:
    time = Time()
    rate = Rate(1_000, time.clock, time.wait)
    await sent(rate, time, 3, 100)
    time.now += 3_600
    moments = await sent(rate, time, 11, 100)
    assert moments[-1] - moments[0] == pytest.approx(1)
