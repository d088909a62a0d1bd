"""B10, B9, R3: whatever the rules decided, the view of search is the fold of the log, all ways.

A projector that restarts after each batch, with structures that change in between; the check, which
folds every stream anew; and a rebuild beside it.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.topics import Stream
from services.domain.course import Course
from services.projector.follower import Limits
from services.projector.runtime import Projector
from tests.support import histories
from tests.support.appended import MINE, Appender
from tests.support.decided import Log, logs
from tests.support.happened import course_completed, earned, enrolled
from tests.support.school import day
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from services.store.log import EventLog

BATCH = 5
_numbers = count()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(happened=logs(), structures=st.lists(histories.structures(), max_size=3))
async def test_b10_search_follows_checks_and_rebuilds_to_the_same_rows(
    log: EventLog, happened: Log, structures: list[Any]
) -> None:
    school, appender = f"school-{next(_numbers)}", Appender(log)
    courses = sorted({stream.course for stream, _ in happened})
    for start in range(0, len(happened), BATCH):
        events = [(_elsewhere(stream, school), it) for stream, it in happened[start:][:BATCH]]
        named = [(str(stream), it.model_copy(update={"school": school})) for stream, it in events]
        await appender.append([*named])
        if structures and courses:
            await appender.published(Course(structures.pop(), day(0)), school, courses[-1])
        await Projector(log, limits=Limits(events=3, streams=1)).catch_up("search")
    assert (await Projector(log).check("search")).differing == 0
    followed = await rows(log)
    await Projector(log).rebuild("search")
    assert await rows(log) == followed
    assert (await Projector(log).check("search")).differing == 0


def _elsewhere(stream: Stream, school: str) -> Stream:
    return Stream(school, stream.learner, stream.course)


async def rows(log: EventLog) -> list[tuple[Any, ...]]:
    """Every row of both tables."""
    records = await log.pool.fetch("select * from search.records order by 1, 2, 3, 4, 5")
    marks = await log.pool.fetch("select * from search.marks order by 1, 2, 3")
    return [tuple(row) for row in (*records, *marks)]


async def test_a_row_that_somebody_changed_is_found(log: EventLog) -> None:
    """So that a clean check says something; in either table, and a row of nobody."""
    appender = Appender(log)
    for stream, event in _one():
        await appender.append([(str(stream), event)])
    await Projector(log).catch_up("search")
    changes = (
        "update search.records set progress_rate = 12",
        "update search.marks set done = 'never'",
        "update search.records set completed_at = now() where completed_at is not null",
        "update search.records set learner = 'nobody'",
    )
    for change in changes:
        await log.pool.execute(change)
        assert (await Projector(log).check("search")).differing > 0, change
        await Projector(log).rebuild("search")
        assert (await Projector(log).check("search")).differing == 0


def _one() -> Log:
    drafts = enrolled(on=1), earned("a", on=2), course_completed("earned", on=2)
    return [(MINE, each.completed(BEFORE | {"attempt": 1})) for each in drafts]
