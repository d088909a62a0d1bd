"""When a learner has completed a learning programme (B12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.domain.programs import decide, program_of, standing
from tests.support.happened import activities_reset, course_completed, course_reset, reset_revoked
from tests.support.programs import PROGRAM, awarded, program
from tests.support.school import day
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from contracts.events import CourseCompleted

GREEN = program_of(program("algae", "moss", optional=("ferns",), version=3))
NOW = day(40)


def completed(
    course: str, on: float = 5, provenance: Any = "earned", **fields: Any
) -> CourseCompleted:
    draft = course_completed(provenance, on=on)
    event = draft.completed(BEFORE | {"course": course, "attempt": 1} | fields)
    assert event.course == course
    return event  # type: ignore[return-value]


def test_b12_only_required_courses_count() -> None:
    assert GREEN.required == ("algae", "moss")
    assert decide(GREEN, [completed("algae"), completed("ferns")], (), "course", NOW) is None
    assert decide(GREEN, [completed("moss"), completed("algae")], (), "course", NOW) is not None


def test_b12_it_carries_what_completed_the_last_course() -> None:
    """And the day on which the last of them was achieved, which may be another's."""
    marks = {"command_id": "c-9", "correlation_id": "x", "batch_id": "job-1", "source": "console"}
    done = [completed("moss", on=20), completed("algae", on=10, provenance="manual", **marks)]
    assert decide(GREEN, done, (), "course", NOW) == awarded(
        **marks,
        program_version=3,
        courses=("algae", "moss"),
        provenance="manual",
        manually_completed=True,
        recorded_at=NOW,
        effective_at=day(20),
    )


def test_b12_an_optional_course_that_came_last_is_not_what_completed_it() -> None:
    done = [completed("algae"), completed("moss"), completed("ferns", 9, "manual")]
    event = decide(GREEN, done, (), "program_change", NOW)
    assert event is not None
    assert (event.provenance, event.effective_at, event.cause) == (
        "earned",
        day(5),
        "program_change",
    )


def test_b12_it_is_awarded_once_for_ever() -> None:
    done = [completed("algae"), completed("moss")]
    assert decide(GREEN, done, {PROGRAM}, "course", NOW) is None
    assert decide(GREEN._replace(version=4), done, {PROGRAM}, "program_change", NOW) is None
    assert decide(GREEN, done, {"another"}, "course", NOW) is not None


@pytest.mark.parametrize(
    ("reset", "open_again"),
    [
        (activities_reset("a", reopens=True), True),
        (activities_reset("a"), False),
        (course_reset(2, reopens=True), True),
    ],
)
def test_r2_a_course_that_a_reset_reopens_is_not_complete(reset: Any, *, open_again: bool) -> None:
    before = completed("algae")
    event = reset.completed(BEFORE | {"course": "algae", "attempt": 1})
    assert (standing([before, event]) is None) is open_again
    again = completed("algae", on=9)
    assert standing([before, event, again]) is again


def test_b7_an_undo_leaves_the_first_completions() -> None:
    """Two of one day and provenance are told apart: the one that came after the reset is gone."""
    first, second = completed("algae", command_id="c-1"), completed("algae", command_id="c-2")
    common = BEFORE | {"course": "algae", "attempt": 1}
    reset: Any = course_reset(2, reopens=True).completed(common)

    def undo(*, complete: bool, left: int) -> Any:
        return reset_revoked(2, complete=complete, completions=left).completed(common)

    assert standing([first, reset, undo(complete=True, left=1)]) is first
    assert standing([first, reset, second, undo(complete=True, left=1)]) is first
    assert standing([first, undo(complete=False, left=0)]) is None
    assert standing([first, undo(complete=False, left=0), second]) is second
