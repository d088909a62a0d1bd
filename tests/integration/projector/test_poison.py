"""Promise: an event that cannot be handled stops the view that cannot handle it, alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from projections.events_log import EVENTS_LOG
from services.projector.errors import PoisonEventError
from services.projector.runtime import Projector
from services.runtime.embedded.waiting import until
from services.store.records import NewEvent
from tests.support.appended import MINE
from tests.support.happened import earned, enrolled, spent
from tests.support.projections import BROKEN, POISON, REFUSED
from tests.support.running import caught_up, running
from tests.support.school import activity, course

if TYPE_CHECKING:
    from services.store.log import EventLog
    from services.views.standing import Standing
    from tests.support.appended import Appender


async def status(projector: Projector, name: str) -> Standing:
    [found] = [it for it in await projector.statuses() if it.name == name]
    return found


async def has_stopped(projector: Projector) -> bool:
    return (await status(projector, "progress")).error is not None


async def test_one_view_stops_where_it_must_and_the_other_follows_on(
    log: EventLog, appender: Appender
) -> None:
    projector = Projector(log, [BROKEN, EVENTS_LOG])
    await appender.happened(enrolled(), spent("video", 5))
    await appender.happened(spent("video", 7), command_id=POISON)
    await appender.happened(spent("video", 9))

    async with running(projector):
        assert await until(partial(has_stopped, projector), within=30)
        await appender.happened(spent("video", 11))
        await caught_up(projector, "events_log")

    found = await status(projector, "progress")
    assert found.error is not None
    assert f"{MINE}@3" in found.error
    assert "ArithmeticError: does not add up" in found.error
    assert "start it again" in found.error
    assert (found.behind, found.blocked_since is not None) == (3, True)
    assert await log.pool.fetchval("select time_spent from progress.courses") == 5
    assert await log.pool.fetchval("select count(*) from events_log.entries") == 5


async def test_a_repaired_projection_goes_on_where_it_stopped(
    log: EventLog, appender: Appender
) -> None:
    await appender.happened(enrolled(), spent("video", 5))
    await appender.happened(spent("video", 7), command_id=POISON)
    with pytest.raises(PoisonEventError):
        await Projector(log, [BROKEN]).catch_up()
    assert await Projector(log).catch_up("progress") == 1
    assert await log.pool.fetchval("select time_spent from progress.courses") == 12
    found = await status(Projector(log), "progress")
    assert (found.error, found.behind, found.lag) == (None, 0, 0.0)


@pytest.mark.parametrize(
    ("topic", "state", "saying"),
    [
        ("coursemark.progress.learner_enrolled.v1", b"{", "LearnerEnrolled"),
        ("coursemark.progress.learner_enrolled.v1", b'{"school": "s"}', "learner: Field required"),
        ("coursemark.progress.of_tomorrow.v1", b"{}", "of_tomorrow.v1 is not a known event type"),
    ],
)
async def test_what_cannot_be_read_stops_every_view_and_says_where(
    log: EventLog, appender: Appender, topic: str, state: bytes, saying: str
) -> None:
    await appender.happened(enrolled())
    await log.append([NewEvent("s/l/c", 1, topic, state)])
    for name in ("progress", "events_log"):
        with pytest.raises(PoisonEventError, match="s/l/c@1") as stopped:
            await Projector(log).catch_up(name)
        assert saying in str(stopped.value)
        with pytest.raises(PoisonEventError, match="s/l/c@1"):
            await Projector(log).rebuild(name)
    assert await log.pool.fetchval("select count(*) from events_log.entries") == 1
    assert await log.pool.fetchval("select count(*) from progress.courses") == 1


async def test_of_a_batch_with_a_row_that_is_refused_all_before_its_event_is_kept(
    log: EventLog, appender: Appender
) -> None:
    for _ in range(7):
        await appender.happened(spent("video", 5))
    await appender.happened(spent("video", 7), command_id=POISON)
    await appender.happened(spent("video", 9))
    with pytest.raises(PoisonEventError, match=f"{MINE}@8.*CharacterNotInRepertoire"):
        await Projector(log, [REFUSED]).catch_up()
    assert await log.pool.fetchval("select count(*) from events_log.entries") == 7
    assert await Projector(log).catch_up("events_log") == 2
    assert (await Projector(log).check("events_log")).differing == 0


async def test_b9_a_view_that_stops_before_a_structure_is_not_ahead_of_its_cursor(
    log: EventLog, appender: Appender
) -> None:
    """Both are of one batch; rows are written anew for a structure before the batch is handled."""
    await appender.published(course(activity("video"), activity("form")))
    await appender.happened(enrolled(), earned("video"))
    projector = Projector(log, [BROKEN])
    await projector.catch_up()
    await appender.happened(spent("video", 7), command_id=POISON)
    await appender.published(course(activity("video"), version=2))
    with pytest.raises(PoisonEventError, match=f"{MINE}@3"):
        await projector.catch_up()
    assert await log.pool.fetchval("select progress_rate from progress.courses") == 50.0
    assert (await projector.check("progress")).differing == 0
