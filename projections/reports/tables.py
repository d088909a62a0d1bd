"""The view's tables and totals; ``tables.sql`` says the same to PostgreSQL."""

from datetime import date
from typing import Final, NamedTuple

from contracts.api.reports import Counted
from projections.definition import Table, Totals

Kind = Counted
"""What is counted by day."""


class TimeRow(NamedTuple):
    """Seconds ever spent by a learner on an activity in a month (its first day, in UTC)."""

    school: str
    learner: str
    course: str
    activity: str
    month: date
    seconds: int


TABLES: Final = (Table("time_spent", TimeRow._fields, put="put_time_spent"),)

TIME_TOTALS: Final = Totals("time_totals", ("school", "course", "activity", "month"), ("seconds",))
"""Seconds of all learners."""

DAILY: Final = Totals(
    "daily",
    ("school", "kind", "day", "course", "provenance", "administrator"),
    ("number",),
)
"""How often something happened; provenance and administrator are empty where there is none."""

TOTALS: Final = (TIME_TOTALS, DAILY)
