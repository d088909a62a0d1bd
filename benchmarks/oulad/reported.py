"""The same tables as Coursemark reports them, read as anybody reads them."""

from datetime import date

import asyncpg

from benchmarks.oulad.mapping import SCHOOL
from benchmarks.oulad.recount import Tables
from services.views.insights import InsightsView, ScoreBy
from services.views.reports import CountLine, ReportsView

ALL = 1_000_000
"""More lines than there are."""
BY: tuple[ScoreBy, ...] = ("course", "activity", "provenance")
LOADING = date(2016, 1, 1)
"""After every day in the records: what was given no day happened when it was loaded."""


async def reported(pool: asyncpg.Pool) -> Tables:
    """Every table of ``recount``; days of loading are none."""
    reports, insights = ReportsView(pool), InsightsView(pool)
    counts = await reports.counts(
        SCHOOL, ["day", "course", "provenance", "administrator"], limit=ALL
    )
    return {
        "counts": _merged(counts),
        "funnel": {tuple(it) for it in await insights.funnel(SCHOOL, limit=ALL)},
        "activity_funnel": {tuple(it) for it in await insights.activity_funnel(SCHOOL, limit=ALL)},
        "scores": {tuple(it) for it in await insights.scores(SCHOOL, BY, limit=ALL)},
        "days": {tuple(it) for it in await insights.days(SCHOOL, limit=ALL)},
    }


def _merged(lines: list[CountLine]) -> set[tuple[object, ...]]:
    """Loading may have gone on over midnight."""
    numbers: dict[tuple[object, ...], int] = {}
    for line in lines:
        day = None if line.day is None or line.day >= LOADING else line.day
        key = line.kind, day, line.course, line.provenance, line.administrator
        numbers[key] = numbers.get(key, 0) + line.number
    return {(*key, number) for key, number in numbers.items()}
