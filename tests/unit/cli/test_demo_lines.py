"""The demo's lines stay short, whatever a message holds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contracts.operations import OperationReported
from services.cli.demo.lines import BAR, command, counts, progress, what_came
from services.cli.demo.words import mark_many, steer


def report(total: int | None, done: int, **more: object) -> OperationReported:
    fields = {
        "school": "riverside",
        "operation": "spring",
        "kind": "mark_complete",
        "state": "running",
        "dry_run": False,
        "revision": 1,
        "skipped": {},
        "failed": {},
        "actor": "u-7",
        "reason": "administrative",
        "source": "kafka",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return OperationReported(**fields | {"total": total, "done": done, **more})  # type: ignore[arg-type]


def test_a_thousand_learners_are_named_by_the_first_and_the_last() -> None:
    whom = [f"e-{number}" for number in range(1, 1_501)]
    first, second = (command(it).plain for it in mark_many("spring", whom, "first-aid"))
    assert "learners=e-1,…,e-1000 (1,000)" in first
    assert "learners=e-1001,…,e-1500 (500)" in second
    assert first.startswith("riverside/spring")
    assert "learners=e-1,e-2" in command(mark_many("two", whom[:2], "first-aid")[0]).plain


def test_what_is_admitted_says_who_tells_the_rest() -> None:
    asked = steer("pause", "spring", "pause")
    assert command(asked).plain == "riverside/spring  actor=u-7  action=pause"
    admitted = {"outcome": "accepted", "operation": "spring", "events": [], "skipped": []}
    assert "the operation will report" in what_came(admitted)
    assert "it stands as it stood" in what_came(admitted | {"operation": None})


@pytest.mark.parametrize(
    ("total", "done", "full"), [(1_200, 0, 0), (1_200, 600, BAR // 2), (1_200, 1_200, BAR)]
)
def test_a_bar_is_as_long_as_what_is_done(total: int, done: int, full: int) -> None:
    bar, _, rows = progress(report(total, done)).plain.partition("  ")
    assert bar == "━" * full + "·" * (BAR - full)
    assert rows == f"{done:,} of {total:,} rows"
    assert progress(report(None, 0)).plain == ""
    assert progress(report(0, 0)).plain.endswith("0 of 0 rows")


def test_rows_are_told_by_code() -> None:
    found = report(4, 1, skipped={"already_complete": 2}, failed={"not_enrolled": 1})
    assert counts(found) == "1 done, 2 skipped: already_complete, 1 refused: not_enrolled"
    assert counts(report(1, 1, dry_run=True)) == "1 would be done"
