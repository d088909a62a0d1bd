"""Promises (B10, R3): totals count each event once, and follow, rebuild and check agree on them."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.catalog import LearningProgram, ProgramCourse
from contracts.events import (
    LearnerEnrolled,
    LearningProgramCompleted,
    LearningProgramPublished,
    TimeSpentRecorded,
)
from contracts.topics import Stream, awards_stream, program_stream
from projections.events_log import EVENTS_LOG
from projections.progress import PROGRESS
from services.projector.cursors import StoredCursor
from services.projector.errors import TotalsError
from services.projector.feed import Feed
from services.projector.follower import Follower, Limits
from services.projector.runtime import Projector
from services.projector.views import View
from services.store.cursors import CursorMovedError
from tests.support.appended import Appender
from tests.support.happened import activities_reset, earned, enrolled, spent, unenrolled
from tests.support.school import activity, course, day
from tests.support.tallies.definitions import MISTAKEN, ROLL, SPENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from contracts.events import Event
    from projections.definition import Write
    from services.projector.checked import Checked
    from services.store.log import EventLog
    from services.store.mapper import LoggedEvent
    from tests.support.happened import Draft

TALLIES = (SPENT, ROLL)
LEARNERS = ("u-1", "u-2", "u-3")
_schools = count()


class Fails(View[Any]):
    """Fails after its rows are written and the cursor is moved, before the commit."""

    async def write(self, connection: asyncpg.Connection, writes: Sequence[Write]) -> None:
        await super().write(connection, writes)
        raise ConnectionResetError


def stream(learner: str, school: str = "riverside") -> Stream:
    return Stream(school, learner, "biology-1")


def follower(log: EventLog, projection: Any, view: type[View[Any]] = View) -> Follower[Any]:
    name = projection.name
    limits = Limits(streams=2)
    return Follower(
        Feed(log), view(log.pool, projection, name), StoredCursor(log.pool, name), limits
    )


async def rows(log: EventLog, table: str, school: str = "riverside") -> list[tuple[Any, ...]]:
    sql = f"select * from {table} where school = $1 order by 1, 2"  # noqa: S608 - our own names
    return [tuple(row)[1:] for row in await log.pool.fetch(sql, school)]


async def check(log: EventLog, name: str) -> Checked:
    return await Projector(log, TALLIES).check(name)


def drafts() -> st.SearchStrategy[Draft]:
    return st.one_of(
        st.just(enrolled()),
        st.just(unenrolled()),
        st.just(activities_reset("a")),
        st.builds(spent, st.just("a"), st.integers(1, 500)),
    )


batches = st.lists(
    st.lists(
        st.tuples(st.sampled_from(LEARNERS), drafts(), st.integers(0, 3))
        | st.just(course(activity("a"))),
        min_size=1,
        max_size=6,
    ),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=batches, step=st.integers(1, 4))
async def test_b10_r3_totals_are_the_sums_of_the_log_however_it_was_followed(
    log: EventLog, history: list[list[Any]], step: int
) -> None:
    """A projector that starts anew after each batch; a rebuild; a check, which finds nothing."""
    school, appender = f"school-{next(_schools)}", Appender(log)
    events: list[Event] = []
    for batch in history:
        for it in batch:
            if isinstance(it, tuple):
                learner, draft, on = it
                fields = draft.fields | {"effective_at": day(on)}
                to = stream(learner, school)
                made = appender.events(draft._replace(fields=fields), to=to)
                await appender.append([(str(to), event) for event in made])
                events += made
            else:
                await appender.published(it, school, "biology-1")
        await Projector(log, TALLIES, Limits(events=step, streams=1)).catch_up()
    for _ in range(2):
        assert await rows(log, "spent.days", school) == spent_days(events)
        assert await rows(log, "roll.enrolled", school) in expected_roll(events)
        for projection in TALLIES:
            assert (await check(log, projection.name)).differing == 0
            await Projector(log, TALLIES).rebuild(projection.name)


def spent_days(events: list[Event]) -> list[tuple[Any, ...]]:
    reports, seconds = Counter[Any](), Counter[Any]()
    for event in events:
        if isinstance(event, TimeSpentRecorded):
            on = event.effective_at.date()
            reports[on] += 1
            seconds[on] += event.seconds
    return [(on, reports[on], seconds[on]) for on in sorted(reports)]


def expected_roll(events: list[Event]) -> list[list[tuple[Any, ...]]]:
    """A sum of 0 may stand as a row, or not."""
    enrolled_now: dict[str, bool] = {}
    for event in events:
        if "enrolled" in type(event).__name__.lower():
            enrolled_now[event.learner] = isinstance(event, LearnerEnrolled)
    number = sum(enrolled_now.values())
    return [[("biology-1", number)]] if number else [[], [("biology-1", 0)]]


async def test_rows_totals_and_cursor_move_together_or_not_at_all(
    log: EventLog, appender: Appender
) -> None:
    await appender.happened(enrolled(), to=stream("u-1"))
    await Projector(log, TALLIES).catch_up()
    await appender.happened(enrolled(), to=stream("u-2"))
    with pytest.raises(ConnectionResetError):
        await follower(log, ROLL, Fails).step()
    assert await rows(log, "roll.enrolled") == [("biology-1", 1)]
    assert await follower(log, ROLL).step() == 1
    assert await rows(log, "roll.enrolled") == [("biology-1", 2)]


async def test_who_was_overtaken_adds_nothing(log: EventLog, appender: Appender) -> None:
    await appender.happened(spent("a", 5), to=stream("u-1"))
    await Projector(log, TALLIES).catch_up()
    slow, fast = follower(log, SPENT), follower(log, SPENT)
    await slow.cursor()
    await appender.happened(spent("a", 7), to=stream("u-1"))
    assert await fast.step() == 1
    with pytest.raises(CursorMovedError):
        await slow.step()
    assert [row[1:] for row in await rows(log, "spent.days")] == [(2, 12)]


async def test_b9_a_structure_change_that_was_cut_off_and_begun_again_adds_nothing(
    log: EventLog, appender: Appender
) -> None:
    for learner in LEARNERS:
        await appender.happened(enrolled(), to=stream(learner))
    await Projector(log, TALLIES).catch_up()
    await appender.published(course(activity("a"), version=2))
    with pytest.raises(ConnectionResetError):
        await follower(log, ROLL, Fails).step()
    assert await follower(log, ROLL).step() == 1
    assert await rows(log, "roll.enrolled") == [("biology-1", 3)]
    assert [row[-1] for row in await rows(log, "roll.learners")] == [2, 2, 2]
    assert (await check(log, "roll")).differing == 0


async def test_totals_that_would_follow_a_structure_are_refused(
    log: EventLog, appender: Appender
) -> None:
    await appender.happened(enrolled(), to=stream("u-1"))
    await Projector(log, [MISTAKEN]).catch_up()
    await appender.published(course(activity("a")))
    with pytest.raises(TotalsError, match="roll would add_enrolled"):
        await Projector(log, [MISTAKEN]).catch_up()
    assert await rows(log, "roll.enrolled") == [("biology-1", 1)]


@pytest.mark.parametrize(
    ("change", "missing", "unexpected"),
    [
        ("update roll.enrolled set learners = 3", 2, 3),
        ("delete from roll.enrolled", 2, None),
        ("insert into roll.enrolled values ('riverside', 'physics', 1)", None, 1),
        ("insert into roll.enrolled values ('riverside', 'physics', -1)", None, -1),
    ],
)
async def test_b10_sums_altered_by_hand_are_found_and_a_rebuild_mends_them(
    log: EventLog, appender: Appender, change: str, missing: int | None, unexpected: int | None
) -> None:
    for learner in ("u-1", "u-2"):
        await appender.happened(enrolled(), to=stream(learner))
    projector = Projector(log, TALLIES)
    await projector.catch_up()
    await log.pool.execute(change)
    checked = await projector.check("roll")
    [found] = checked.differences
    assert (checked.differing, found.stream, found.table) == (1, None, "enrolled")
    assert [row[-1] for row in found.missing] == ([] if missing is None else [missing])
    assert [row[-1] for row in found.unexpected] == ([] if unexpected is None else [unexpected])
    await projector.rebuild("roll")
    assert (await projector.check("roll")).differing == 0


async def test_sums_of_0_are_as_no_row(log: EventLog, appender: Appender) -> None:
    await appender.happened(enrolled(), to=stream("u-1"))
    projector = Projector(log, TALLIES)
    await projector.catch_up()
    await appender.happened(unenrolled(), to=stream("u-1"))
    await projector.catch_up()
    await log.pool.execute("insert into roll.enrolled values ('riverside', 'physics', 0)")
    assert (await projector.check("roll")).differing == 0


async def test_totals_are_checked_as_far_as_the_view_has_followed(
    log: EventLog, appender: Appender
) -> None:
    projector = Projector(log, TALLIES)
    await appender.happened(spent("a", 5), to=stream("u-1"))
    await projector.catch_up()
    await appender.happened(spent("a", 99), to=stream("u-1"))
    checked = await projector.check("spent")
    assert (checked.streams, checked.events, checked.differing) == (1, 1, 0)


def programs() -> list[tuple[str, LoggedEvent]]:
    """A learning programme, and that two learners have completed it."""
    published = LearningProgramPublished(
        school="riverside",
        program="biology-1",
        program_version=1,
        structure=LearningProgram(
            school="riverside",
            program="biology-1",
            version=1,
            courses=(ProgramCourse(course="biology-1"),),
        ),
        recorded_at=day(1),
    )
    completed = [
        LearningProgramCompleted(
            school="riverside",
            learner=learner,
            program="biology-1",
            program_version=1,
            courses=("biology-1",),
            provenance="earned",
            manually_completed=False,
            cause="course",
            command_id="c-1",
            source="kafka",
            recorded_at=day(2),
            effective_at=day(2),
        )
        for learner in ("u-1", "u-2")
    ]
    return [
        (program_stream("riverside", "biology-1"), published),
        *((awards_stream("riverside", it.learner), it) for it in completed),
    ]


async def test_b12_a_view_passes_over_types_that_it_does_not_handle_and_another_takes_them(
    log: EventLog, appender: Appender
) -> None:
    """Following, rebuilding and checking alike; a programme may have the id of a course."""
    await appender.published(course(activity("video")))
    await appender.happened(enrolled(), earned("video"), to=stream("u-1"))
    await appender.append(programs())
    await appender.happened(enrolled(), to=stream("u-2"))
    projections = (PROGRESS, EVENTS_LOG, *TALLIES)
    projector = Projector(log, projections)
    await projector.catch_up()
    for _ in range(2):
        assert await rows(log, "spent.programs") == [("biology-1", 2)]
        assert await log.pool.fetchval("select count(*) from events_log.entries") == 5
        assert await log.pool.fetchval("select count(*) from progress.courses") == 2
        for projection in projections:
            assert (await projector.check(projection.name)).differing == 0
            await projector.rebuild(projection.name)
    learners = [str(stream(learner)) for learner in ("u-1", "u-2")]
    assert await log.streams("riverside", "biology-1") == learners
