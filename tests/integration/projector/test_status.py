"""Promise: how far a view is behind can be told, in events and in seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from projections.registry import PROJECTIONS
from services.projector.runtime import Projector
from services.store.records import ORIGIN
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
    assert (progress.version, progress.wanted, progress.position) == (0, 1, ORIGIN)
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
