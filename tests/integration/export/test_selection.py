"""What is wanted of the log comes in commit order, of one school alone (A3), and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts import upcasters
from services.store.records import ORIGIN, Position
from services.store.selection import (
    Selected,
    SelectionError,
    UnreadableEventError,
    Wanted,
    check,
    event_at,
    stretches,
    types,
)
from tests.support.cohort import attend
from tests.support.happened import enrolled, visited
from tests.support.poison import POISON, append_poison
from tests.support.school import day

if TYPE_CHECKING:
    from services.store.log import EventLog
    from tests.support.appended import Appender

LEARNERS = 12


@pytest.fixture
async def schools(log: EventLog, appender: Appender) -> EventLog:
    """Two schools with a course of the same name, and one with two."""
    for school, name in (("riverside", "b"), ("hilltop", "b"), ("riverside", "c")):
        await attend(appender, LEARNERS, school, name)
    return log


async def read(log: EventLog, wanted: Wanted, **more: Any) -> list[Selected]:
    found = stretches(log, wanted, ORIGIN, await log.head(), size=37, **more)
    return [event async for stretch in found for event in stretch.events]


async def test_every_stretch_goes_on_where_the_last_one_ended(schools: EventLog) -> None:
    found, passed, end = [], 0, ORIGIN
    async for stretch in stretches(schools, Wanted(), ORIGIN, await schools.head(), size=37):
        assert [event.followed.position for event in stretch.events][-1] == stretch.end > end
        found += stretch.events
        passed += stretch.passed
        end = stretch.end
    everything = await schools.follow(ORIGIN, 10_000)
    assert [it.followed for it in found] == everything
    assert passed == len(everything) == 3 * (1 + 20 * LEARNERS)
    assert end == await schools.head()


@pytest.mark.parametrize(
    ("wanted", "has"),
    [
        (Wanted("hilltop"), lambda school, *_: school == "hilltop"),
        (
            Wanted("riverside", "b"),
            lambda school, _, course: (school, course) == ("riverside", "b"),
        ),
    ],
    ids=["school", "course"],
)
async def test_a3_another_school_s_events_never_come(
    schools: EventLog, wanted: Wanted, has: Any
) -> None:
    """A course's own structure belongs to it."""
    everything = await schools.follow(ORIGIN, 10_000)
    mine = [it for it in everything if has(*it.originator_id.split("/"))]
    assert [it.followed for it in await read(schools, wanted)] == mine
    assert any("~courses" in it.originator_id for it in mine)


async def test_types_go_by_short_or_declared_name(schools: EventLog) -> None:
    names = types(["course_completed", "coursemark.progress.progress_reset.v1"])
    found = {it.type for it in await read(schools, Wanted(types=names))}
    assert found == names
    assert len(await read(schools, Wanted(types=names))) == 3 * 3 * LEARNERS


async def test_an_old_version_is_its_type_too(
    schools: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log is never rewritten: what is wanted under the newest name may lie under an old one."""
    old = "coursemark.progress.course_finished.v1"
    new = "coursemark.progress.course_completed.v1"
    monkeypatch.setattr(upcasters, "STEPS", steps := {old: (new, lambda body: body)})
    for function in (upcasters.newest, upcasters.upcast):
        *_, last = function.__defaults__
        assert last == {}
        monkeypatch.setattr(function, "__defaults__", (steps,))
    await schools.pool.execute(
        "update stored_events set topic = $1 where topic = $2 and originator_id like 'hilltop/%'",
        old,
        new,
    )
    found = await read(schools, Wanted(types=types(["course_completed"])))
    assert len(found) == 3 * LEARNERS
    assert {it.type for it in found} == {new}


@pytest.mark.parametrize("by", ["recorded", "effective"])
async def test_days_are_those_of_the_clock_that_is_asked_for(schools: EventLog, by: Any) -> None:
    """B4: when it was achieved lies beside when it was recorded; the bounds belong to it."""
    wanted = Wanted("riverside", since=day(3), until=day(5), by=by)
    found = await read(schools, wanted)
    moments = {getattr(it.event, f"{by}_at", it.event.recorded_at) for it in found}
    assert {day(3), day(5)} <= moments
    assert all(day(3) <= moment <= day(5) for moment in moments)
    everything = await read(schools, Wanted("riverside"))
    assert len(found) == len([it for it in everything if wanted.has(it.event)]) < len(everything)


async def test_a_programme_of_a_course_s_name_is_not_the_course(
    log: EventLog, appender: Appender
) -> None:
    await attend(appender, 1, "riverside", "b")
    await log.pool.execute(
        "insert into stored_events (originator_id, originator_version, topic, state)"
        " select 'riverside/~programs/b', 1, topic, state from stored_events limit 1"
    )
    assert len(await read(log, Wanted("riverside", "b"))) == 21


async def test_what_can_only_be_a_mistake_is_refused(schools: EventLog) -> None:
    codes = {}
    for name, wanted in {
        "school": Wanted("nowhere"),
        "course": Wanted("hilltop", "c"),  # there is one, in another school
        "dates": Wanted(since=day(2), until=day(1)),
    }.items():
        with pytest.raises(SelectionError) as refused:
            await check(schools, wanted)
        codes[name] = refused.value.code
    assert codes == {
        "school": "unknown_school",
        "course": "unknown_course",
        "dates": "dates_reversed",
    }
    with pytest.raises(SelectionError, match=r"there are .*course_completed") as refused:
        types(["course_compleeted"])
    assert refused.value.code == "unknown_type"
    await check(schools, Wanted("riverside", "c", since=day(1), until=day(1)))


@pytest.mark.parametrize(
    "topic", ["coursemark.progress.from_2030.v1", "coursemark.progress.activity_visited.v1"]
)
async def test_a_poison_event_is_named_after_all_before_it(
    log: EventLog, appender: Appender, topic: str
) -> None:
    """Its content is not repeated; by its name, and by nothing else, it can be left out."""
    await appender.happened(enrolled())
    await append_poison(log, topic)
    await appender.happened(visited("film"))
    found = stretches(log, Wanted(), ORIGIN, await log.head())
    stretch = await anext(found)
    [before] = stretch.events
    assert before.followed.position == stretch.end
    with pytest.raises(UnreadableEventError) as poison:
        await anext(found)
    assert f"--skip {POISON}" in str(poison.value)
    assert "of-2030" not in str(poison.value)
    assert len(await read(log, Wanted(), skip={POISON})) == 2
    with pytest.raises(UnreadableEventError):
        await read(log, Wanted(), skip={"riverside/u-9/biology-1@2"})


async def test_what_is_not_wanted_poisons_nothing(log: EventLog, appender: Appender) -> None:
    await attend(appender, 1, "hilltop", "b")
    await append_poison(log)
    assert len(await read(log, Wanted("hilltop"))) == 21
    assert len(await read(log, Wanted(types=types(["course_completed"])))) == 1


async def test_the_event_at_a_position_has_a_name(log: EventLog, appender: Appender) -> None:
    await appender.happened(enrolled())
    assert await event_at(log, await log.head()) == "riverside/u-1204/biology-1@1"
    assert await event_at(log, Position(1, 1)) is None
