"""Promise: rows are a function of the record, whichever order its activities came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.topics import Stream
from projections.definition import Change
from projections.progress.rows import writes
from projections.progress.state import ClosedAttempt, Record
from services.domain.state import ActivityState, Progress
from tests.support.school import activity, course, day

if TYPE_CHECKING:
    from projections.definition import Row
    from services.domain.course import Course

SCORES = {"a": 17.301, "b": 54.88, "c": 70.304}
"""Added up from the front their mean is 47.5, and from the back 47.49."""
STREAM = Stream("s", "l", "c")


def rows(order: str, under: Course | None) -> dict[str, list[Row]]:
    activities = {id_: ActivityState(score=SCORES[id_]) for id_ in order}
    progress = Progress(activities=activities)
    record = Record(1, progress, {}, (ClosedAttempt(progress, day(1)),))
    return {name: sorted(rows) for name, rows in writes([Change(STREAM, None, record, under)])}


@pytest.mark.parametrize("under", [None, course(activity("a"), activity("b"), activity("c"))])
def test_an_average_does_not_depend_on_the_order_of_what_was_recorded(under: Course | None) -> None:
    assert rows("abc", under) == rows("cba", under) == rows("bca", under)
