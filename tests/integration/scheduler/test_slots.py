"""Each slot of a schedule begins its operation once, and what became of it is on record (B12)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from contracts.commands import WHOLE_COURSE
from contracts.directory import School
from services.cli.doctor import database as doctor
from services.domain.policy import NO_LIMITS
from services.domain.schedules import Enrol, Found, Mark, Reset, Schedule, Tagged
from services.domain.slots import LISTED
from services.operations import beginning
from services.scheduler import slots as part
from services.store import schedules
from services.store.directory import Directory
from services.store.policies import set_policy
from services.store.schedules import NoSlotLeftError
from services.views.search.criteria import criteria
from services.views.search.saved import save
from tests.support.recertifying import recertification
from tests.support.scheduling import DUE, Academy
from tests.support.school import ADMINISTRATOR, COURSE, day

if TYPE_CHECKING:
    from contracts.fields import Reason
    from services.domain.schedules import Task
    from services.store.log import EventLog

OPERATION = "yearly-20250501T120000Z"


@pytest.fixture
async def academy(log: EventLog) -> Academy:
    return await Academy(log).open()


def scheduled(task: Task, **fields: Any) -> Schedule:
    usual = {"schedule": "task"}
    return recertification(**usual | fields).model_copy(update={"task": task})


def marking(**whom: Any) -> Mark:
    return Mark(course=COURSE, activities=WHOLE_COURSE, send_completion_email=False, **whom)


TAGGED = {"whom": Tagged(tags=("nurse",))}


async def test_b12_whose_completion_is_old_enough_is_reset_and_nobody_else(
    academy: Academy,
) -> None:
    await academy.completed("old-1", "old-2")
    await academy.completed("young", on=1)
    await academy.completed("left", leaves=True)
    await academy.enrol("learning")
    await academy.put(DUE - 0.5)
    assert not await academy.slot(DUE - 0.01)
    assert await academy.slot(DUE)
    assert await academy.outcomes() == [("begun", 2)]
    (begun,) = await academy.operations()
    assert (begun.operation, begun.kind, begun.source) == (OPERATION, "reset_progress", "rule")
    assert (begun.actor, begun.reason, begun.dry_run) == (ADMINISTRATOR, "administrative", False)
    await academy.carry_out()
    (done,) = await academy.operations()
    assert (done.state, done.total, done.done) == ("completed", 2, 2)
    assert [(await academy.state(it)).attempt for it in ("old-1", "young", "left")] == [2, 1, 1]
    assert (await academy.kept()).next_at == day(DUE + 1)


async def test_b12_a_slot_is_never_run_again_whatever_the_clock_says(academy: Academy) -> None:
    await academy.completed("old")
    await academy.put(DUE - 0.5)
    assert await academy.slot(DUE)
    assert not await academy.slot(DUE)
    assert not await academy.slot(DUE - 100)
    await academy.put(DUE - 100, recertification(rule="FREQ=DAILY;INTERVAL=1"))
    assert (await academy.kept()).next_at == day(DUE + 1)
    assert await schedules.remove(academy.log.pool, academy.school, "yearly")
    await academy.put(DUE - 100)
    assert (await academy.kept()).next_at == day(DUE + 1)
    assert not await academy.slot(DUE)
    assert await academy.outcomes() == [("begun", 1)]
    assert len(await academy.operations()) == 1


async def test_b12_whoever_completes_it_anew_before_it_is_carried_out_keeps_that(
    academy: Academy,
) -> None:
    await academy.completed("old", "quick")
    await academy.put(DUE - 0.5)
    assert await academy.slot(DUE)
    await academy.completes_anew("quick")
    await academy.carry_out()
    (done,) = await academy.operations()
    assert (done.done, done.skipped) == (1, {"nothing_to_reset": 1})
    assert (await academy.state("quick")).completion is not None
    assert await academy.slot(DUE + 1)
    assert (await academy.outcomes())[1:] == [("nobody", 0)]


async def test_b12_whoever_completed_it_anew_before_the_slot_is_not_meant(
    academy: Academy,
) -> None:
    await academy.completed("old", "early")
    await academy.put(DUE - 0.5)
    academy.now = day(DUE - 40)
    await academy.completes_anew("early")
    assert await academy.slot(DUE)
    assert await academy.asked(OPERATION) == ["old"]


async def test_b12_more_than_a_thousand_come_in_parts_of_one_operation(academy: Academy) -> None:
    learners = [f"u-{number:04}" for number in range(2_001)]
    await academy.user(*learners, tags=("nurse",))
    await academy.put(DUE - 0.5, scheduled(marking(**TAGGED)))
    assert await academy.slot(DUE)
    assert await academy.outcomes("task") == [("begun", 2_001)]
    (begun,) = await academy.operations()
    assert await academy.asked(begun.operation) == learners


class KilledError(Exception):
    """The process is gone."""


@pytest.mark.parametrize(
    ("where", "times"),
    [
        ("meant", 0),
        ("claim", 0),
        ("record", 0),
        ("record", 2),
        ("begin", 0),
        ("begin", 1),
        ("move", 0),
    ],
)
async def test_b12_killed_anywhere_a_slot_is_neither_lost_nor_run_twice(
    academy: Academy, monkeypatch: pytest.MonkeyPatch, where: str, times: int
) -> None:
    learners = [f"u-{number:04}" for number in range(1_001)]
    await academy.user(*learners, tags=("nurse",))
    await academy.put(DUE - 2.5, scheduled(marking(**TAGGED)))
    academy.now = day(DUE)
    with monkeypatch.context() as killing:
        place = part if hasattr(part, where) else schedules
        done, dead, does = 0, False, getattr(place, where)

        async def killed(*given: Any) -> Any:
            nonlocal done
            if done == times:
                nonlocal dead
                dead = True
                raise KilledError
            done += 1
            return await does(*given)

        killing.setattr(place, where, killed)
        while await academy.scheduler().turn():
            pass
    assert dead
    assert await academy.outcomes("task") == []
    while await academy.scheduler().turn():
        pass
    assert await academy.outcomes("task") == [("missed", 0)] * 2 + [("begun", 1_001)]
    (begun,) = await academy.operations()
    assert await academy.asked(begun.operation) == learners
    assert (await academy.kept("task")).next_at == day(DUE + 1)


async def test_b12_two_schedulers_beside_each_other_begin_each_slot_once(academy: Academy) -> None:
    await academy.user("u-1", "u-2", tags=("nurse",))
    names = [f"task-{number}" for number in range(12)]
    made = [scheduled(marking(**TAGGED), schedule=name) for name in names]
    await academy.put(
        DUE - 1.5,
        *(it.model_copy(update={"schedule": n}) for it, n in zip(made, names, strict=True)),
    )
    for on in (DUE, DUE + 1, DUE + 2):
        academy.now = day(on)

        async def go() -> None:
            one = academy.scheduler()
            while await one.turn():
                pass

        await asyncio.gather(go(), go(), go())
    await academy.part.turn()
    for name in names:
        expected = [("missed", 0), ("begun", 2), ("begun", 2), ("begun", 2)]
        assert await academy.outcomes(name) == expected
    assert len(await academy.operations()) == 3 * len(names)


async def test_b12_of_slots_that_were_missed_the_last_is_run_late_and_the_others_are_on_record(
    academy: Academy,
) -> None:
    await academy.completed("old")
    await academy.put(DUE - 3.5)
    assert await academy.slot(DUE + 0.9)
    assert await academy.outcomes() == [("missed", 0)] * 3 + [("begun", 1)]
    missed, *_, late = await academy.record()
    assert (missed.slot_at, missed.message) == (day(DUE - 3), part._MISSED)
    assert (late.slot_at, late.recorded_at) == (day(DUE), day(DUE + 0.9))


async def test_b12_a_slot_of_more_than_a_day_ago_is_missed_and_the_next_one_comes(
    academy: Academy,
) -> None:
    await academy.completed("old")
    await academy.put(DUE - 0.5, recertification(rule="FREQ=DAILY;INTERVAL=7"))
    first = (await academy.kept()).next_at
    assert first is not None
    late = (first - day(0)).total_seconds() / 86_400 + 1.01
    assert await academy.slot(late)
    assert await academy.outcomes() == [("missed", 0)]
    assert await academy.operations() == []
    assert await academy.slot(late + 6)
    assert await academy.outcomes() == [("missed", 0), ("begun", 1)]


async def test_b12_years_of_missed_slots_are_put_down_in_bounds(academy: Academy) -> None:
    await academy.put(0)
    await academy.slot(3_000)
    record = await academy.record()
    assert len(record) == LISTED + 1
    assert record[0].message == f"{part._MISSED} So were {3_000 - LISTED - 1:,} slots before it."
    assert {it.message for it in record[1:-1]} == {part._MISSED}


async def refusing(academy: Academy, why: str) -> Schedule:
    pool, school = academy.log.pool, academy.school
    usual = recertification()
    match why:
        case "not_permitted":
            await academy.user(ADMINISTRATOR)
        case "feature_not_available":
            await Directory(pool).put_schools([School(school=school, plan="free")])
        case "reason_not_allowed":
            allowed: frozenset[Reason] = frozenset({"tested_out"})
            await set_policy(pool, school, NO_LIMITS._replace(reasons=allowed))
        case "note_required":
            await set_policy(pool, school, NO_LIMITS._replace(note_required=True))
        case "unknown_course":
            return recertification(course="nowhere")
        case "unknown_program":
            return scheduled(Enrol(programs=("nothing",), **TAGGED), schedule="yearly")
        case "unknown_search":
            return scheduled(marking(whom=Found(search="Gone")), schedule="yearly")
    return usual


@pytest.mark.parametrize(
    "why",
    [
        "not_permitted",
        "feature_not_available",
        "reason_not_allowed",
        "note_required",
        "unknown_course",
        "unknown_program",
        "unknown_search",
    ],
)
async def test_b12_a1_b3_what_an_administrator_may_not_is_refused_on_record(
    academy: Academy, why: str
) -> None:
    await academy.completed("old")
    given = await refusing(academy, why)
    await academy.put(DUE - 0.5, given.model_copy(update={"schedule": "yearly"}))
    head = await academy.log.head()
    assert await academy.slot(DUE)
    (slot,) = await academy.record()
    assert (slot.outcome, slot.code, slot.operation, slot.learners) == ("refused", why, None, 0)
    assert len(slot.message or "") > 30
    assert await academy.operations() == []
    assert await academy.log.head() == head
    assert (await academy.kept()).next_at == day(DUE + 1)


async def test_b12_a1_who_has_the_role_again_has_the_next_slot(academy: Academy) -> None:
    await academy.completed("old")
    await academy.put(DUE - 0.5)
    await academy.user(ADMINISTRATOR, role_level="instructor")
    await academy.slot(DUE)
    await academy.user(ADMINISTRATOR, role_level="admin")
    await academy.slot(DUE + 1)
    assert await academy.outcomes() == [("refused", 0), ("begun", 1)]


async def test_b12_b3_a_second_administrator_approves_where_the_policy_wants_that(
    academy: Academy,
) -> None:
    await set_policy(academy.log.pool, academy.school, NO_LIMITS._replace(four_eyes_above=1))
    await academy.user("u-1", "u-2", tags=("nurse",))
    await academy.put(DUE - 0.5, scheduled(marking(**TAGGED)))
    assert await academy.slot(DUE)
    await academy.carry_out()
    (held,) = await academy.operations()
    assert (held.state, held.pause_reason) == ("paused", "approval_required")


async def test_b12_an_operation_of_the_slots_name_that_somebody_else_began_is_a_refusal(
    academy: Academy,
) -> None:
    """Nothing of the slot is mixed into it, not even the parts that would fit."""
    learners = [f"u-{number:04}" for number in range(1_001)]
    await academy.user(*learners, tags=("nurse",))
    task, operation = scheduled(marking(**TAGGED)), "task-20250501T120000Z"
    _, theirs = part.parts(task, operation, [*learners[:-1], "stranger"])
    async with academy.log.pool.acquire() as connection, connection.transaction():
        assert await beginning.begin(connection, *theirs, day(DUE - 1)) is None
    await academy.put(DUE - 0.5, task)
    await academy.slot(DUE)
    (slot,) = await academy.record("task")
    assert (slot.outcome, slot.code) == ("refused", "operation_conflict")
    assert await academy.asked(operation) == ["stranger"]


async def test_b12_a_slot_that_finds_nobody_begins_nothing(academy: Academy) -> None:
    await academy.completed("young", on=300)
    await academy.put(DUE - 0.5, recertification(), scheduled(marking(**TAGGED)))
    await save(academy.log.pool, academy.school, "Nobody", criteria({"tags": ("x",)}), day(0))
    search = scheduled(marking(whom=Found(search="Nobody")))
    await academy.put(DUE - 0.5, search.model_copy(update={"schedule": "search"}))
    while await academy.slot(DUE):
        pass
    for name in ("yearly", "task", "search"):
        assert await academy.outcomes(name) == [("nobody", 0)]
    assert await academy.operations() == []


async def test_a3_another_schools_learners_and_schedules_are_left_alone(
    academy: Academy, log: EventLog
) -> None:
    other = await Academy(log, "hillside").open()
    await other.completed("u-1", "theirs")
    await other.user("their-nurse", tags=("nurse",))
    await academy.completed("u-1", "u-2")
    await academy.user("u-3", tags=("nurse",))
    await academy.put(DUE - 0.5, recertification(), scheduled(marking(**TAGGED)))
    while await academy.slot(DUE):
        pass
    await academy.carry_out()
    assert len(await academy.operations()) == 2
    assert await other.operations() == []
    assert (await other.state("u-1")).attempt == 1
    assert (await academy.state("u-1")).attempt == 2
    assert await academy.asked(OPERATION) == ["u-1", "u-2"]
    assert await academy.asked("task-20250501T120000Z") == ["u-3"]
    assert await schedules.of_school(log.pool, "hillside") == []


async def test_b12_a_slot_waits_for_the_view_and_holds_up_no_other(academy: Academy) -> None:
    await academy.completed("old")
    await academy.user("u-1", tags=("nurse",))
    await academy.put(DUE - 0.6, recertification())
    await academy.put(DUE - 0.5, scheduled(marking(**TAGGED)))
    academy.now = day(DUE)
    assert await academy.part.turn()
    assert not await academy.part.turn()
    assert await academy.outcomes("yearly") == []
    assert await academy.outcomes("task") == [("begun", 1)]
    await academy.project()
    await academy.completed("later", on=300)  # the view need not be there for it
    assert await academy.part.turn()
    assert await academy.outcomes("yearly") == [("begun", 1)]


async def test_b12_a_fault_of_ours_holds_up_no_other_schedule_and_is_tried_again(
    academy: Academy, monkeypatch: pytest.MonkeyPatch
) -> None:
    await academy.completed("old")
    await academy.user("u-1", tags=("nurse",))
    await academy.put(DUE - 0.5, recertification(), scheduled(marking(**TAGGED)))
    academy.now = day(DUE)
    await academy.project()
    does = part.meant
    with monkeypatch.context() as broken:

        async def meant(pool: Any, schedule: Schedule, slot: Any) -> Any:
            if schedule.schedule == "yearly":
                raise RuntimeError("a fault")
            return await does(pool, schedule, slot)

        broken.setattr(part, "meant", meant)
        assert await academy.part.turn()
        assert not await academy.part.turn()
    assert await academy.outcomes("task") == [("begun", 1)]
    assert not await academy.part.turn()  # it rests
    monkeypatch.setattr(part, "FIRST_REST", 0.0)
    academy.part._rests.clear()
    assert await academy.part.turn()
    assert await academy.outcomes("yearly") == [("begun", 1)]


async def test_b12_enrol_mark_and_reset_for_tags_and_for_a_saved_search(academy: Academy) -> None:
    await academy.user("u-1", "u-2", tags=("nurse", "autumn"))
    await academy.user("u-3", tags=("nurse",))
    both = {"whom": Tagged(tags=("nurse", "autumn"))}
    await save(academy.log.pool, academy.school, "Autumn", criteria({"tags": ("autumn",)}), day(0))
    found = {"whom": Found(search="Autumn")}
    reset = Reset(course=COURSE, activities=("intro",), **found)
    for at, task in enumerate((Enrol(courses=(COURSE,), **both), marking(**found), reset)):
        await academy.put(DUE - 0.5 + at, scheduled(task))
        assert await academy.slot(DUE + at)
        await academy.carry_out()
    assert await academy.outcomes("task") == [("begun", 2)] * 3
    reports = await academy.operations()
    assert {it.kind for it in reports} == {"enroll", "mark_complete", "reset_progress"}
    assert [(it.total, it.done) for it in reports] == [(2, 2)] * 3
    state = await academy.state("u-2")
    assert (state.is_complete("intro"), state.is_complete("quiz")) == (False, True)
    assert not (await academy.state("u-3")).enrolled


async def test_b12_a_schedule_that_is_changed_keeps_its_slot_unless_its_time_is_changed(
    academy: Academy,
) -> None:
    await academy.put(0)
    await academy.put(2.9, recertification(months=24))
    assert (await academy.kept()).next_at == day(0.5)
    await academy.put(2.9, recertification(months=24, rule="FREQ=DAILY;INTERVAL=1"))
    assert (await academy.kept()).next_at == day(3.5)
    await academy.put(3, recertification(enabled=False))
    assert (await academy.kept()).next_at is None
    assert not await academy.slot(10)
    await academy.put(10, recertification())
    assert (await academy.kept()).next_at == day(10.5)
    assert (await academy.kept()).created_at == day(0)
    with pytest.raises(NoSlotLeftError, match="no slot after 2024-05-11"):
        await academy.put(10, recertification(rule="FREQ=DAILY;COUNT=3"))
    assert await schedules.remove(academy.log.pool, academy.school, "yearly")
    assert not await schedules.remove(academy.log.pool, academy.school, "yearly")
    assert not await academy.slot(11)


@pytest.mark.parametrize("how", ["changed", "off", "removed"])
async def test_b12_a_schedule_that_is_changed_while_whom_it_means_is_found_out_is_left_alone(
    academy: Academy, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    await academy.completed("old")
    await academy.put(DUE - 0.5)
    does = part.meant
    with monkeypatch.context() as meanwhile:

        async def meant(*given: Any) -> Any:
            found = await does(*given)
            if how == "removed":
                await schedules.remove(academy.log.pool, academy.school, "yearly")
            else:
                changed = recertification(months=24, enabled=how != "off")
                await academy.put(DUE, changed)
            return found

        meanwhile.setattr(part, "meant", meant)
        assert not await academy.slot(DUE)
    assert await academy.part.turn() is (how == "changed")
    assert await academy.outcomes() == ([("nobody", 0)] if how == "changed" else [])
    assert await academy.operations() == []


async def test_b12_once_and_then_never_again(academy: Academy) -> None:
    await academy.user("u-1", tags=("nurse",))
    once = scheduled(marking(**TAGGED), rule=None, starts_at=day(9).replace(tzinfo=None))
    await academy.put(1, once)
    assert await academy.slot(9)
    assert (await academy.kept("task")).next_at is None
    assert not await academy.slot(400)
    assert await academy.outcomes("task") == [("begun", 1)]


async def test_b12_the_doctor_says_where_nothing_begins_slots(academy: Academy) -> None:
    await academy.put(-1)
    (late,) = await doctor.schedules(academy.log.pool)
    assert (late.status, "scheduler" in (late.todo or "")) == ("warn", True)
    await academy.put(-1, recertification(enabled=False))
    (well,) = await doctor.schedules(academy.log.pool)
    assert well.status == "ok"
