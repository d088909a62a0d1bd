"""Promise: how far a view is behind can be told, in events and in seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from projections.events_log import EVENTS_LOG
from projections.progress import PROGRESS
from projections.registry import PROJECTIONS
from services.projector.cursors import StoredCursor
from services.projector.rebuild import alone
from services.projector.runtime import Projector
from services.store.records import ORIGIN, Position
from tests.support.happened import enrolled, spent

if TYPE_CHECKING:
    from services.store.log import EventLog
    from tests.support.appended import Appender


async def test_a_view_that_was_never_built_has_all_events_before_it(
    log: EventLog, appender: Appender
) -> None:
    await appender.happened(enrolled())
    found = await Projector(log).statuses()
    assert [it.name for it in found] == [it.name for it in PROJECTIONS]
    progress = found[0]
    assert (progress.version, progress.wanted, progress.position) == (0, PROGRESS.version, ORIGIN)
    assert progress.behind == 1


async def test_lag_is_the_age_of_the_first_event_that_waits(
    log: EventLog, appender: Appender
) -> None:
    projector = Projector(log)
    await appender.happened(enrolled())
    await projector.catch_up("progress")
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    await appender.happened(spent("a", 1), spent("a", 2), recorded_at=hour_ago)
    progress, events_log, *_ = await projector.statuses()
    assert (progress.behind, events_log.behind) == (2, 3)
    assert progress.lag is not None
    assert 3_600 <= progress.lag < 4_000
    await projector.catch_up("progress")
    found, *_ = await projector.statuses()
    assert (found.behind, found.lag, found.position) == (0, 0.0, await log.head())


async def test_the_rate_counts_an_event_less_the_longer_ago_it_was_handled(
    log: EventLog, appender: Appender
) -> None:
    """By e^(-age / 60 s): what 60 events a second come to, a third of it a minute later."""
    projector = Projector(log, [EVENTS_LOG])
    await appender.happened(*[spent("a", 1)] * 3_600)
    await projector.catch_up()
    [now] = await projector.statuses()
    await log.pool.execute("update projection_cursors set updated_at = now() - interval '1 min'")
    [later] = await projector.statuses()
    await appender.happened(*[spent("a", 1)] * 60)
    await projector.catch_up()
    [after] = await projector.statuses()
    await log.pool.execute("update projection_cursors set updated_at = now() - interval '9 days'")
    [idle] = await projector.statuses()
    assert 30 < now.rate <= 60
    assert 0.3 * now.rate < later.rate < 0.4 * now.rate
    assert later.rate - 1 < after.rate <= later.rate + 1
    assert idle.rate == pytest.approx(0, abs=0.01)


async def test_it_is_told_whether_a_view_is_being_rebuilt_wherever_that_is_done(
    log: EventLog, appender: Appender
) -> None:
    """By the lock that the rebuild holds; its number may be below 0."""
    await appender.happened(enrolled())
    projector = Projector(log)
    await projector.catch_up()
    signs = set()
    for view in PROJECTIONS:
        sql = "select hashtext('coursemark projection ' || $1) < 0"
        signs.add(await log.pool.fetchval(sql, view.name))
        async with alone(log.pool, view.name):
            during = [it.name for it in await projector.statuses() if it.rebuilding]
        assert during == [view.name]
    assert not any(it.rebuilding for it in await projector.statuses())
    assert signs == {True, False}


async def test_a_view_is_blocked_since_its_first_failure_at_a_place(
    log: EventLog, appender: Appender
) -> None:
    await appender.happened(enrolled())
    projector = Projector(log, [PROGRESS])
    await projector.catch_up()
    cursor = StoredCursor(log.pool, "progress")
    await cursor.fail(await cursor.read(), "first", Position(7, 8))
    [first] = await projector.statuses()
    await cursor.fail(await cursor.read(), "second", None)
    [second] = await projector.statuses()
    await appender.happened(spent("a", 1))
    await projector.catch_up()
    [moved] = await projector.statuses()
    assert (first.error, first.blocked_at) == ("first", Position(7, 8))
    assert (second.error, second.blocked_at) == ("second", None)
    assert second.blocked_since == first.blocked_since is not None
    assert (moved.error, moved.blocked_since, moved.problem) == (None, None, None)
