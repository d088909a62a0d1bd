"""Dates of the common kinds, with an explicit choice where they are ambiguous (B4, B8)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.imports.problems import Flaw
from services.imports.values import Order, moment, score
from tests.support.importing import NOW

UTC_ZONE = ZoneInfo("UTC")


def read(
    cell: str | date, order: Order | None = None, zone: ZoneInfo = UTC_ZONE
) -> datetime | None:
    return moment(cell, order, zone, NOW)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2025-12-31", datetime(2025, 12, 31, tzinfo=UTC)),
        ("2025-12-31 09:30", datetime(2025, 12, 31, 9, 30, tzinfo=UTC)),
        ("2025-12-31T09:30:15+02:00", datetime(2025, 12, 31, 7, 30, 15, tzinfo=UTC)),
        ("2025-12-31T09:30:00Z", datetime(2025, 12, 31, 9, 30, tzinfo=UTC)),
        ("31/12/2025", datetime(2025, 12, 31, tzinfo=UTC)),
        ("12/31/2025", datetime(2025, 12, 31, tzinfo=UTC)),
        ("31.12.2025 23:59", datetime(2025, 12, 31, 23, 59, tzinfo=UTC)),
        ("2025/12/31", datetime(2025, 12, 31, tzinfo=UTC)),
        ("12/31/2025 12:05 AM", datetime(2025, 12, 31, 0, 5, tzinfo=UTC)),
        ("3/3/2025", datetime(2025, 3, 3, tzinfo=UTC)),
        (date(2025, 12, 31), datetime(2025, 12, 31, tzinfo=UTC)),
        (datetime(2025, 12, 31, 9, 30), datetime(2025, 12, 31, 9, 30, tzinfo=UTC)),  # noqa: DTZ001
        ("", None),
    ],
)
def test_what_can_mean_one_day_alone_is_read(cell: str | date, expected: datetime | None) -> None:
    assert read(cell) == expected


def test_what_can_mean_two_days_asks_which() -> None:
    with pytest.raises(Flaw, match=r"2025-02-01 \(dmy\) or 2025-01-02 \(mdy\)") as flaw:
        read("01/02/2025")
    assert flaw.value.code == "date_ambiguous"
    assert read("01/02/2025", "dmy") == datetime(2025, 2, 1, tzinfo=UTC)
    assert read("01/02/2025", "mdy") == datetime(2025, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "order", "code"),
    [
        ("12/31/2025", "dmy", "date_unreadable"),
        ("31/12/25", None, "date_unreadable"),
        ("30/02/2025", None, "date_unreadable"),
        ("45000", None, "date_unreadable"),
        ("2025-02-30", None, "date_unreadable"),
        ("20251231", None, "date_unreadable"),
        ("2025-12-31T25:00", None, "date_unreadable"),
        ("1969-12-31", None, "date_too_early"),
        ("2026-01-02", None, "date_in_future"),
        ("9999-12-31T23:59:59-12:00", None, "date_unreadable"),
    ],
)
def test_what_is_no_day_in_the_past_is_told(cell: str, order: Order | None, code: str) -> None:
    """A serial number is no date but in a cell of dates; two digits are no year."""
    with pytest.raises(Flaw) as flaw:
        read(cell, order)
    assert flaw.value.code == code


def test_a_day_begins_where_the_school_is() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert read("2025-07-01", zone=berlin) == datetime(2025, 6, 30, 22, tzinfo=UTC)
    assert read("2025-07-01T00:00Z", zone=berlin) == datetime(2025, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "points"), [("85", 85.0), ("85.5", 85.5), ("85,5", 85.5), ("85 %", 85.0), ("0", 0.0)]
)
def test_scores_are_points(cell: str, points: float) -> None:
    assert score(cell) == points


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("100.01", "score_out_of_range"),
        ("-1", "score_out_of_range"),
        ("A+", "not_a_number"),
        ("nan", "not_a_number"),
        ("1e1", "not_a_number"),
    ],
)
def test_what_is_no_score_is_told(cell: str, code: str) -> None:
    with pytest.raises(Flaw) as flaw:
        score(cell)
    assert flaw.value.code == code
