"""Property: reports and insights are sums over the log, however it was cut into batches (B10)."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.insights import INSIGHTS
from projections.reports import REPORTS
from services.projector.follower import Limits
from services.projector.runtime import Projector
from services.store.mapper import encode
from services.views.insights import InsightsView
from tests.support import plain_reports
from tests.support.decided import Log, logs

if TYPE_CHECKING:
    from projections.definition import Projection
    from services.store.log import EventLog

VIEWS: tuple[Projection[Any], ...] = (REPORTS, INSIGHTS)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=logs(), cut=st.integers(1, 9))
async def test_followed_rebuilt_and_checked_they_are_what_a_look_at_the_log_finds(
    log: EventLog, drawn: Log, cut: int
) -> None:
    school = f"s{uuid.uuid4().hex[:8]}"
    happened = _of(school, drawn)
    for start in range(0, len(happened), cut):
        await log.append(_encoded(happened, start, start + cut))
        for view in VIEWS:
            await Projector(log, limits=Limits(events=3)).catch_up(view.name)
    expected = plain_reports.reports(happened) | plain_reports.insights(happened)
    followed = await _totals(log, school)
    assert followed == {name: +counts for name, counts in expected.items()}
    assert await _days(log, school) == _quartiles(happened)
    for view in VIEWS:
        assert (await Projector(log).check(view.name)).differences == []
        await Projector(log).rebuild(view.name)
    assert await _totals(log, school) == followed


def _of(school: str, drawn: Log) -> Log:
    """The same in a school of its own: the database is that of all examples."""
    return [
        (stream._replace(school=school), event.model_copy(update={"school": school}))
        for stream, event in drawn
    ]


def _encoded(happened: Log, start: int, end: int) -> list[Any]:
    versions, encoded = Counter[str](), []
    for place, (stream, event) in enumerate(happened):
        versions[str(stream)] += 1
        if start <= place < end:
            encoded.append(encode(str(stream), versions[str(stream)], event))
    return encoded


async def _totals(log: EventLog, school: str) -> plain_reports.Totals:
    found: plain_reports.Totals = {}
    for view in VIEWS:
        for it in view.totals:
            sql = f"select {', '.join(it.columns)} from {view.name}.{it.name} where school = $1"  # noqa: S608 - our own names
            counts = Counter[tuple[Any, ...]]()
            for row in await log.pool.fetch(sql, school):
                key, sums = tuple(row)[: len(it.key)], tuple(row)[len(it.key) :]
                counts.update({(*key, name): n for name, n in zip(it.sums, sums, strict=True)})
            found[it.name] = +counts
    return found


async def _days(log: EventLog, school: str) -> dict[str, tuple[int, ...]]:
    return {it.course: it[1:] for it in await InsightsView(log.pool).days(school)}


def _quartiles(happened: Log) -> dict[str, tuple[int, ...]]:
    """By sorting: the first value at or below which that part of all lies."""
    took: dict[str, list[int]] = {}
    for _, course, days in plain_reports.attempts(happened):
        took.setdefault(course, []).append(days)
    return {course: (len(days), *_parts(sorted(days))) for course, days in took.items()}


def _parts(days: list[int]) -> list[int]:
    places = [-(-len(days) * quarter // 4) - 1 for quarter in (1, 2, 3)]
    return [days[0], *(days[place] for place in places), days[-1]]
