"""What a preview says would be awarded is what is awarded then (B5, B12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts.topics import Stream
from services.effects.awards import awards
from tests.support.appended import Appender
from tests.support.awarding import completes, follow, found, publish
from tests.support.happened import course_completed, course_reset, reset_revoked
from tests.support.programs import program
from tests.support.school import SCHOOL
from tests.support.spec import BEFORE

if TYPE_CHECKING:
    from services.store.log import EventLog
    from tests.support.happened import Draft

ALGAE = Stream(SCHOOL, "u-1", "algae")


@pytest.mark.parametrize(
    ("last", "causes"),
    [
        (course_completed("manual"), ["course", "course"]),
        (reset_revoked(2, complete=True, completions=1), ["program_change", "course"]),
        (reset_revoked(2, complete=False, completions=1), []),
    ],
    ids=["completed", "complete-again", "still-open"],
)
async def test_b5_b7_it_foresees_what_a_completion_or_an_undo_awards(
    log: EventLog, last: Draft, causes: list[str]
) -> None:
    """One course was reset; the other, and a programme of that one alone, came meanwhile."""
    appender = Appender(log)
    await publish(appender, program("algae", "moss"))
    await completes(appender, "u-1", "algae")
    await appender.happened(course_reset(2, reopens=True), to=ALGAE)
    await completes(appender, "u-1", "moss")
    await publish(appender, program("algae", program="p-algae"))
    await follow(log)
    assert await found(log) == []
    fields: dict[str, Any] = BEFORE | ALGAE._asdict() | {"attempt": 2, "command_id": "c-9"}
    [foreseen] = await awards(log, [[last.completed(fields)]], together=False)
    await appender.happened(last, to=ALGAE, command_id="c-9")
    await follow(log)
    happened = [(it.program, it.cause, it.command_id) for it in await found(log)]
    assert [(it.program, it.cause, it.command_id) for it in foreseen] == happened
    assert [cause for _, cause, _ in happened] == causes
