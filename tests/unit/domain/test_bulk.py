"""What becomes of a row of an operation."""

from __future__ import annotations

from contracts.operations import BulkImport, ImportRow
from services.domain.bulk import NOTHING_ASKED, Row, outcome, steps


def test_b8_a_line_that_asks_for_nothing_is_skipped_and_stops_no_other() -> None:
    line = ImportRow(line=1, learner="ada", course="algebra", completed=False)
    asked = BulkImport(
        school="riverside",
        operation="o-1",
        actor="grace",
        rows=(line,),
        enroll=False,
        send_completion_email=False,
    )
    row = Row(1, "ada", "algebra", completed=False)
    assert list(steps(asked, row, "grace", 0)) == []
    assert outcome([]) == ("skipped", NOTHING_ASKED)
