"""R3 as ``make r3`` prints it: commands over Kafka, every question by ``coursemark``."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from benchmarks.r3.looking import Seen, look

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Stack


def test_a_reset_of_the_course_touches_nothing_that_r3_names(stack: Stack) -> None:
    """And, so that it was a reset at all: it changes what R2 and R4 name."""

    def run(*words: str, stdin: str = "") -> str:
        done = stack.run(*words, stdin=stdin)
        assert done.returncode == 0, done
        return done.stdout

    seen = look(run, f"c{uuid.uuid4().hex[:8]}")
    told = {it.thing.name: (it.before, it.after) for it in seen}
    assert [name for name, (before, _) in told.items() if not before] == []
    kept = {it.thing.name for it in seen if it.thing.kept and it.before == it.after}
    changed = {it.thing.name for it in seen if not it.thing.kept and it.before != it.after}
    assert kept | changed == told.keys()
    assert changed == {"Ana's progress", "where learners stand", "Ana's earlier attempts"}
    assert told["reports: time ever spent, by learner"][1] == "ana 2100; cy 90"
    assert told["advanced search: completed in June 2024"][1] == (
        "ana on 2024-06-04 (attempt 1), ben on 2024-06-20 (attempt 1)"
    )
    assert told["user tags: who is tagged cohort-2024"][1] == "ana, ben, cy, dean"
    assert told["course insights: funnel"][1] == "first-aid 3 3 2"
    assert told["course insights: days to completion"][1] == "2 attempts, median 31"
    assert told["notes"] == told["posts"]
    assert all(it.as_it_should_be for it in seen)
    assert not any(
        Seen(it.thing, "one", "two" if it.thing.kept else "one").as_it_should_be for it in seen
    )
