"""What is searched for in the made-up school: usual, rare, common, and nasty."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from services.views.search.criteria import Criteria


class Mix(NamedTuple):
    """Criteria, and after whom the page begins (none: the first page)."""

    criteria: Criteria
    after: str | None = None


def _mix(after: str | None = None, **fields: Any) -> Mix:
    return Mix(Criteria(**fields), after)


def _completed(start: datetime, end: datetime) -> dict[str, Any]:
    return {"completed_from": start, "completed_to": end}


def _day(month: int, day: int = 1, year: int = 2024) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


_MONTH = _completed(_day(9), _day(10))
_YEAR = _completed(_day(6), _day(6, year=2025))
_DEEP = "u-f"
"""Fifteen sixteenths of the learners come before."""

MIXES: Mapping[str, Mix] = {
    "completed on one day": _mix(**_completed(_day(9), _day(9, 2))),
    "completed in a month": _mix(**_MONTH),
    "completed in a month, in a course": _mix(**_MONTH, course="course-07"),
    "completed in a month, manually": _mix(**_MONTH, manually_completed=True),
    "completed in a year": _mix(**_YEAR),
    "completed in a year, reset since, not started": _mix(**_YEAR, status="not_started"),
    "enrolled in a week, completed in a month": _mix(
        **_MONTH, enrolled_from=_day(8), enrolled_to=_day(8, 8)
    ),
    "now completed": _mix(status="completed"),
    "now at 20 to 80 %, in a course": _mix(progress_from=20, progress_to=80, course="course-07"),
    "now at 20 to 80 %, in attempt 2": _mix(progress_from=20, progress_to=80, attempt=2),
    "in attempt 3": _mix(attempt=3),
    "a rare tag, completed": _mix(tags=("vip",), status="completed"),
    "a common tag, completed in a month": _mix(tags=("even",), **_MONTH),
    "a role of the school's own, not started": _mix(role="Staff", status="not_started"),
    "a level, without a record criterion": _mix(role_level="instructor"),
    "a surname": _mix(text="okafor"),
    "a name, completed in a month": _mix(text="zoe rossi", **_MONTH),
    "a domain that a third has": _mix(text="@school.example"),
    "a text that nobody has": _mix(text="nobody at all"),
    "two letters that nobody has": _mix(text="zq"),
    "inactive since last month": _mix(inactive_since=date(2025, 9, 1)),
    "inactive since a day, in a course": _mix(inactive_since=date(2024, 6, 1), course="course-07"),
    "inactive since last month, not completed": _mix(
        inactive_since=date(2025, 9, 1), status="not_completed"
    ),
    "inactive for a year and more (few)": _mix(inactive_since=date(2024, 9, 1)),
    "completed, at 50 % or less (none)": _mix(status="completed", progress_to=50),
    "enrolled late, completed early (none)": _mix(
        enrolled_from=_day(2, year=2025), completed_to=_day(12)
    ),
    "everything at once": _mix(
        **_YEAR,
        enrolled_from=_day(1),
        course="course-07",
        manually_completed=True,
        status="completed",
        progress_from=10,
        attempt=1,
        inactive_since=date(2025, 9, 1),
        tags=("even",),
        role_level="user",
        text="example",
    ),
    "no criterion": _mix(),
    "deep page: completed in a month": _mix(_DEEP, **_MONTH),
    "deep page: completed in a year, a common tag": _mix(_DEEP, **_YEAR, tags=("even",)),
    "deep page: no criterion": _mix(_DEEP),
}
