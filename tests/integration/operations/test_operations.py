"""Operations on a real PostgreSQL: many learners at once, watched, stopped, repaired (B6)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from contracts.commands import WHOLE_COURSE
from contracts.directory import User
from contracts.operations import (
    BulkEnroll,
    BulkImport,
    BulkResetProgress,
    ImportRow,
    UndoOperation,
)
from services.commands.handler import CommandHandler
from services.domain.policy import NO_LIMITS
from services.operations import reading
from services.operations.running import Operations
from services.projector.runtime import Projector
from services.runtime.clock import now
from services.store.directory import Directory
from services.store.log import VersionConflict
from services.store.policies import set_policy
from services.views.search.criteria import criteria
from services.views.search.saved import save
from tests.support.hall import COURSE, Hall, Silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.commands.incoming import Incoming


async def test_m2_b6_many_are_marked_each_with_what_became_of_it(hall: Hall) -> None:
    await hall.enroll("u-1", "u-2")
    command = hall.mark("op", "u-1", "u-2", "u-3", "stranger")
    assert (await hall.ask(command))["operation"] == "op"
    await hall.go()
    report = await hall.report("op")
    assert (report.state, report.total, report.done) == ("completed_with_errors", 4, 2)
    assert report.failed == {"not_enrolled": 1, "unknown_learner": 1}
    assert await hall.rows("op") == [
        ("stranger", "failed", "unknown_learner"),
        ("u-3", "failed", "not_enrolled"),
    ]
    assert (await hall.record("u-2")).completion is not None


async def test_a3_learners_of_another_school_are_unknown_here_and_the_others_are_marked(
    hall: Hall,
) -> None:
    other = await Hall(hall.log).open(learners=0)
    await Directory(hall.log.pool).put_users([User(school=other.school, user="theirs")])
    await hall.enroll("u-1", "u-2")
    await hall.ask(hall.mark("op", "u-1", "theirs", "u-2"))
    await hall.go()
    report = await hall.report("op")
    assert (report.done, report.failed) == (2, {"unknown_learner": 1})
    assert (await reading.of_school(hall.log.pool, other.school)) == []
    assert (await other.ask(other.mark("op", "theirs")))["outcome"] == "accepted"


async def test_b1_the_same_part_again_is_answered_the_same_and_does_nothing(hall: Hall) -> None:
    await hall.enroll("u-1")
    command = hall.mark("op", "u-1")
    first = await hall.ask(command, "c-1")
    await hall.go()
    before = await hall.log.head()
    assert await hall.ask(command, "c-1") == first
    assert (await hall.ask(command, "c-2"))["outcome"] == "accepted"
    await hall.go()
    assert await hall.log.head() == before
    other = hall.mark("op", "u-2")
    assert (await hall.ask(other, "c-1"))["code"] == "command_id_reused"
    assert (await hall.ask(other, "c-3"))["code"] == "operation_conflict"


async def test_b6_a_learner_named_twice_counts_once_over_parts_too(hall: Hall) -> None:
    await hall.enroll("u-1", "u-2")
    await hall.ask(hall.mark("op", "u-1", "u-1", part=1, parts=2))
    await hall.go()
    assert (await hall.report("op")).state == "validating"
    await hall.ask(hall.mark("op", "u-2", "u-1", part=2, parts=2))
    await hall.go()
    report = await hall.report("op")
    assert (report.state, report.total, report.done) == ("completed", 4, 2)
    assert report.skipped == {"named_twice": 2}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"actor": "u-1"}, "not_permitted"),
        ({"course": "nowhere"}, "unknown_course"),
        ({"learners": None, "search": "nothing"}, "unknown_search"),
        ({"effective_at": now().replace(year=now().year + 2)}, "invalid_command"),
    ],
)
async def test_a1_b2_what_cannot_be_is_told_before_anything_is_done(
    hall: Hall, fields: dict[str, Any], code: str
) -> None:
    assert (await hall.ask(hall.mark("op", "u-1", **fields)))["code"] == code
    assert await reading.of_school(hall.log.pool, hall.school) == []


async def test_m3_enrolled_in_bulk_and_marked(hall: Hall) -> None:
    await hall.enroll("u-1")
    command = BulkEnroll(
        school=hall.school,
        operation="op",
        actor="ada",
        courses=(COURSE,),
        learners=("u-1", "u-2"),
        mark_complete=True,
        send_completion_email=False,
    )
    await hall.ask(command)
    await hall.go()
    assert (await hall.report("op")).done == 2
    assert (await hall.record("u-2")).completion is not None


async def test_r1_reset_in_bulk_and_undone(hall: Hall) -> None:
    await hall.enroll("u-1", "u-2")
    await hall.ask(hall.mark("op", "u-1"))
    await hall.go()
    before = await hall.record("u-1")
    reset = BulkResetProgress(
        school=hall.school,
        operation="again",
        actor="ada",
        course=COURSE,
        activities=WHOLE_COURSE,
        learners=("u-1", "u-2"),
    )
    await hall.ask(reset)
    await hall.go()
    report = await hall.report("again")
    assert (report.state, report.done, report.skipped) == ("completed", 1, {"nothing_to_reset": 1})
    await hall.ask(UndoOperation(school=hall.school, operation="undo", actor="bob", undoes="again"))
    await hall.go()
    report = await hall.report("undo")
    assert (report.state, report.done, report.skipped) == ("completed", 1, {"nothing_to_undo": 1})
    assert (await hall.record("u-1"))._replace(opened=1) == before  # no attempt number comes twice
    assert (await hall.report("again")).undone_by == "undo"


async def test_b7_whom_an_operation_did_not_know_its_undo_leaves_out(hall: Hall) -> None:
    await hall.enroll("u-1")
    await hall.ask(hall.mark("op", "u-1", "stranger", "late"))
    await hall.go()
    directory = Directory(hall.log.pool)
    await directory.put_users([User(school=hall.school, user="late")])
    await hall.enroll("late")
    await hall.control("op", "retry")
    await hall.go()
    assert await hall.rows("op") == [("stranger", "failed", "unknown_learner")]
    await hall.ask(UndoOperation(school=hall.school, operation="undo", actor="ada", undoes="op"))
    await hall.go()
    report = await hall.report("undo")
    assert (report.state, report.total, report.done) == ("completed", 2, 2)
    assert (await hall.record("late")).completion is None


async def test_b5_a_preview_counts_what_then_happens_and_changes_nothing(hall: Hall) -> None:
    await hall.enroll("u-1", "u-2")
    before = await hall.log.head()
    learners = ("u-1", "u-2", "u-3")
    await hall.ask(hall.mark("look", *learners, dry_run=True))
    await hall.go()
    looked = await hall.report("look")
    assert await hall.log.head() == before
    assert await hall.rows("look") == [
        ("u-1", "previewed", None),
        ("u-2", "previewed", None),
        ("u-3", "previewed", "not_enrolled"),
    ]
    await hall.ask(hall.mark("op", *learners))
    await hall.go()
    did = await hall.report("op")
    assert (looked.done, looked.failed) == (did.done, did.failed) == (2, {"not_enrolled": 1})


async def test_b6_the_failed_rows_alone_are_tried_again(hall: Hall) -> None:
    await hall.enroll("u-1")
    await hall.ask(hall.mark("op", "u-1", "u-2", "u-3"))
    await hall.go()
    await hall.enroll("u-2")
    assert await hall.control("op", "retry", "bob") == "accepted"
    await hall.go()
    report = await hall.report("op")
    assert (report.total, report.done, report.failed) == (3, 2, {"not_enrolled": 1})
    assert await hall.rows("op") == [("u-3", "failed", "not_enrolled")]


async def test_b6_paused_resumed_cancelled(hall: Hall) -> None:
    await hall.enroll("u-1")
    await hall.ask(hall.mark("op", "u-1"))
    assert await hall.control("op", "pause") == "accepted"
    await hall.go()
    assert (await hall.report("op")).state == "paused"
    assert await hall.control("op", "resume", "bob") == "accepted"
    assert await hall.control("op", "cancel") == "accepted"
    await hall.go()
    assert (await hall.report("op")).state == "cancelled"
    assert await hall.control("op", "pause") == "operation_conflict"
    assert await hall.control("none", "pause") == "unknown_operation"
    assert (await hall.record("u-1")).completion is None


async def test_b6_two_administrators_at_the_same_moment_come_one_after_the_other(
    hall: Hall,
) -> None:
    await hall.enroll("u-1")
    for number in range(8):
        operation = f"op-{number}"
        await hall.ask(hall.mark(operation, "u-1", "u-2"))
        codes = await asyncio.gather(
            hall.control(operation, "cancel", "ada"),
            hall.control(operation, "pause", "bob"),
            hall.control(operation, "retry", "bob"),
            hall.part.turn(),
        )
        report = await hall.report(operation)
        assert codes[0] == "accepted" or report.state == "completed_with_errors"
        assert codes[1] in {"accepted", "operation_conflict"}
        assert codes[2] in {"accepted", "operation_conflict"}
        await hall.go()
        assert (await hall.report(operation)).state in {"cancelled", "completed_with_errors"}


async def test_a1_an_administrator_who_is_none_any_more_stops_it_and_another_goes_on(
    hall: Hall,
) -> None:
    await hall.enroll("u-1")
    await hall.ask(hall.mark("op", "u-1"))
    await Directory(hall.log.pool).put_users([User(school=hall.school, user="ada")])
    await hall.go()
    report = await hall.report("op")
    assert (report.state, report.pause_reason) == ("paused", "not_permitted")
    assert (await hall.record("u-1")).completion is None
    assert await hall.control("op", "resume", "ada") == "not_permitted"
    assert await hall.control("op", "resume", "bob") == "accepted"
    await hall.go()
    assert (await hall.report("op")).state == "completed"


async def test_b6_above_the_schools_limit_a_second_administrator_approves(hall: Hall) -> None:
    await hall.enroll("u-1", "u-2")
    await set_policy(hall.log.pool, hall.school, NO_LIMITS._replace(four_eyes_above=1))
    await hall.ask(hall.mark("op", "u-1", "u-2"))
    await hall.go()
    assert (await hall.report("op")).pause_reason == "approval_required"
    assert await hall.control("op", "resume", "bob") == "operation_conflict"
    assert await hall.control("op", "approve", "ada") == "operation_conflict"
    assert await hall.control("op", "approve", "bob") == "accepted"
    await hall.go()
    report = await hall.report("op")
    assert (report.state, report.approved_by) == ("completed", "bob")


@pytest.mark.parametrize(
    ("marks", "state"), [({}, "completed"), ({"mark_complete": True}, "paused")]
)
async def test_b6_only_what_completes_waits_for_a_second_administrator(
    hall: Hall, marks: dict[str, Any], state: str
) -> None:
    """An enrolment that names the e-mail and marks nothing waits for nobody."""
    await set_policy(hall.log.pool, hall.school, NO_LIMITS._replace(four_eyes_above=1))
    command = BulkEnroll(
        school=hall.school,
        operation="op",
        actor="ada",
        courses=(COURSE,),
        learners=("u-1", "u-2"),
        send_completion_email=False,
        **marks,
    )
    await hall.ask(command)
    await hall.go()
    assert (await hall.report("op")).state == state


async def test_b9_a_structure_that_comes_meanwhile_counts_for_what_is_still_to_be_done(
    hall: Hall,
) -> None:
    await hall.enroll("u-1")
    await hall.ask(hall.mark("op", "u-1"))
    assert await hall.part.turn()  # validated, and not begun
    await hall.publish(2, "read", "quiz", "essay")
    await hall.go()
    assert (await hall.record("u-1")).is_complete("essay")


async def test_m2_whom_a_saved_search_finds_at_the_validation_counts(hall: Hall) -> None:
    """What it would find later makes no difference; whom nobody is found by, nothing is done to."""
    pool, tagged = hall.log.pool, criteria({"tags": ("autumn",)})
    await save(pool, hall.school, "Autumn", tagged, now())
    await hall.enroll("u-1", "u-2")
    people = Directory(pool)
    await people.put_users([User(school=hall.school, user="u-1", tags=("autumn",))])
    await hall.ask(hall.mark("op", search="Autumn", learners=None))
    await hall.part.turn()
    assert (await hall.report("op")).state == "validating"  # the view is behind
    await Projector(hall.log).catch_up()
    assert await hall.part.turn()
    await people.put_users([User(school=hall.school, user="u-2", tags=("autumn",))])
    await people.put_users([User(school=hall.school, user="u-1")])
    await hall.go()
    report = await hall.report("op")
    assert (report.total, report.done) == (1, 1)
    assert (await hall.record("u-1")).completion is not None
    await save(pool, hall.school, "Nobody", criteria({"tags": ("winter",)}), now())
    await Projector(hall.log).catch_up()
    await hall.ask(hall.mark("none", search="Nobody", learners=None))
    await hall.go()
    report = await hall.report("none")
    assert (report.state, report.total) == ("completed", 0)
    assert "finds nobody" in (report.message or "")


def rows(*given: tuple[str, str | None, float]) -> tuple[ImportRow, ...]:
    return tuple(
        ImportRow(
            line=line, learner=learner, course=COURSE, activity=name, score=score, completed_at=AT
        )
        for line, (learner, name, score) in enumerate(given, 1)
    )


AT = now().replace(year=2020, microsecond=0)


@pytest.mark.parametrize("turn", [1, -1])
async def test_b4_b8_the_order_of_imported_rows_makes_no_difference(hall: Hall, turn: int) -> None:
    lines = [("u-1", None, 70.0), ("u-1", "quiz", 90.0), ("u-2", "read", 50.0)]
    lines += [("u-2", "read", 50.0), ("u-3", "quiz", 10.0), ("u-3", "quiz", 20.0)]
    command = BulkImport(
        school=hall.school,
        operation="op",
        actor="ada",
        rows=rows(*lines[::turn]),
        enroll=True,
        send_completion_email=False,
    )
    await hall.ask(command)
    await hall.go()
    report = await hall.report("op")
    assert (report.total, report.done) == (6, 3)
    assert (report.skipped, report.failed) == ({"named_twice": 1}, {"conflicting_rows": 2})
    assert (await hall.record("u-1")).of("quiz").score == 90
    assert not (await hall.record("u-3")).enrolled
    before = await hall.log.head()
    await hall.ask(command.model_copy(update={"operation": "again"}))
    await hall.go()
    assert await hall.log.head() == before
    assert (await hall.report("again")).skipped == {"already_complete": 3, "named_twice": 1}


async def test_b6_a_chunk_that_is_done_twice_does_nothing_twice(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill between the events and the chunk's end."""
    await hall.enroll("u-1", "u-2")
    await hall.ask(hall.mark("op", "u-1", "u-2"))
    assert await hall.part.turn()

    class KilledError(Exception):
        pass

    async def killed(*_: Sequence[object]) -> None:
        raise KilledError

    with monkeypatch.context() as at_the_end:
        at_the_end.setattr("services.operations.chunks.end", killed)
        assert await hall.part.turn()
    before = await hall.log.head()
    another = Operations(hall.log, hall.handler, Silent(), now, 20)  # type: ignore[arg-type]
    while await another.turn():
        pass
    assert await hall.log.head() == before
    report = await hall.report("op")
    assert (report.state, report.done) == ("completed", 2)


async def test_b6_cancelled_after_a_kill_what_was_begun_is_counted_and_the_rest_stays_undone(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hall.enroll("u-1", "u-2", "u-3")
    await hall.ask(hall.mark("op", "u-1", "u-2", "u-3"))
    assert await hall.part.turn()
    handle = hall.handler.handle

    async def killed(batch: Sequence[Incoming]) -> None:
        await handle(batch[:2])
        raise ConnectionError

    with monkeypatch.context() as on_the_way:
        on_the_way.setattr(hall.handler, "handle", killed)
        with pytest.raises(ConnectionError):
            await hall.part.turn()
    assert await hall.control("op", "cancel") == "accepted"
    assert (await hall.report("op")).ended_at is None
    undo = UndoOperation(school=hall.school, operation="undo", actor="ada", undoes="op")
    assert (await hall.ask(undo))["code"] == "operation_conflict"
    before = await hall.log.head()
    await hall.go()
    assert await hall.log.head() == before
    report = await hall.report("op")
    assert (report.state, report.total, report.done) == ("cancelled", 3, 2)
    assert report.ended_at is not None
    assert (await hall.record("u-3")).completion is None


async def test_b6_cancelled_before_any_of_a_chunk_was_done_it_has_an_end(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hall.enroll("u-1")
    await hall.ask(hall.mark("op", "u-1"))
    assert await hall.part.turn()

    async def killed(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as at_once:
        at_once.setattr(hall.handler, "handle", killed)
        with pytest.raises(ConnectionError):
            await hall.part.turn()
    assert await hall.control("op", "cancel") == "accepted"
    await hall.go()
    report = await hall.report("op")
    assert (report.state, report.done) == ("cancelled", 0)
    assert report.ended_at is not None


async def test_two_parts_share_the_work_and_do_nothing_twice(hall: Hall) -> None:
    await hall.enroll("u-1", "u-2", "u-3")
    for number in range(6):
        await hall.ask(hall.mark(f"op-{number}", "u-1", "u-2", "u-3"))
    another = Operations(
        hall.log, CommandHandler(hall.log, Directory(hall.log.pool), now), Silent(), now, 20
    )  # type: ignore[arg-type]

    async def go(part: Operations) -> None:
        while await part.turn():
            pass

    await asyncio.gather(go(hall.part), go(another))
    await hall.go()
    reports = await reading.of_school(hall.log.pool, hall.school)
    assert {it.state for it in reports} == {"completed"}
    assert sum(it.done for it in reports) == 3


async def test_a_stream_that_others_write_to_meanwhile_is_no_fault(hall: Hall) -> None:
    """A conflict of versions is decided anew, in operations too (B1)."""
    await hall.enroll("u-1")
    await hall.ask(hall.mark("op", "u-1"))
    append, tried = hall.log.append, 0

    async def conflicting(*given: Any) -> None:
        nonlocal tried
        tried += 1
        if tried == 1:
            raise VersionConflict("somebody was here")
        await append(*given)

    hall.log.append = conflicting  # type: ignore[method-assign]
    await hall.go()
    assert (tried, (await hall.report("op")).done) == (2, 1)
