"""The exports' formats: true and false, two decimals, ISO 8601 in UTC, empty for none."""

from __future__ import annotations

from datetime import UTC, datetime

from services.cli.export.cells import ACTIVITY, PROGRESS, cells
from services.views.lines import ExportedActivity, ExportedProgress

AT = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)


def test_the_columns_are_those_of_the_views() -> None:
    assert tuple(PROGRESS) == ExportedProgress._fields
    assert tuple(ACTIVITY) == ExportedActivity._fields


def test_a_completed_course() -> None:
    row = ExportedProgress(
        *("riverside", "u-1", "biology", True, 2, "completed", 100.0, 3, 3, 87.5, 90),
        *("manual", True, AT),
    )
    assert ",".join(cells(row, PROGRESS)) == (
        "riverside,u-1,biology,true,2,completed,100.00,3,3,87.50,90,manual,true,2024-05-01T09:30:00Z"
    )


def test_what_is_not_there_is_empty() -> None:
    row = ExportedProgress(
        *("riverside", "u-1", "biology", False, 1, "not_started", 0.0, 0, 3, None, 0),
        *(None, False, None),
    )
    assert ",".join(cells(row, PROGRESS)) == (
        "riverside,u-1,biology,false,1,not_started,0.00,0,3,,0,,false,"
    )


def test_a_score_is_as_short_as_it_goes() -> None:
    whole = ExportedActivity("s", "u", "c", "a", True, 71.0, "imported", False, 0, AT)
    assert cells(whole, ACTIVITY)[5] == "71"
    assert cells(whole._replace(score=66.25), ACTIVITY)[5] == "66.25"
