"""Reports of the Open University beside a count from the files alone.

``python -m benchmarks.oulad.reports --data DATA --out OUT`` starts PostgreSQL and a projector on
what ``make oulad OUT=OUT`` left, lets the views come to the end of the log, and holds every line
of every report and insight against DuckDB's over the files; exit code 1 where one differs.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path

import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.oulad.recount import FIGURES, Row, Tables, recount
from benchmarks.oulad.reported import reported
from benchmarks.oulad.waiting import Waiting
from services.composition.database import database
from services.projector.runtime import Projector
from services.runtime.addresses import folders
from services.runtime.alone import FolderInUseError, alone_in
from services.runtime.embedded import EmbeddedPostgres
from services.runtime.embedded.server import ServerError
from services.runtime.settings import Settings
from services.store.log import EventLog
from services.store.migrations import MigrationChangedError

SHOWN = 10
"""Lines that differ, of each table."""


async def views_of(out: Path) -> Tables:
    """Coursemark's tables, as of the end of its log."""
    settings = Settings(_env_file=None, data=out / "stack")
    with alone_in(settings.data):
        async with (
            EmbeddedPostgres(folders(settings)[0]),
            database(settings, "oulad-reports") as pool,
        ):
            stop = asyncio.Event()
            projecting = asyncio.create_task(Projector(EventLog(pool)).run(stop))
            try:
                await Waiting(pool).for_views()
                return await reported(pool)
            finally:
                stop.set()
                await projecting


def show(ours: Tables, theirs: Tables, console: Console) -> bool:
    """Print both sides; true where they are the same to the last line."""
    console.print(_totals(ours, theirs))
    console.print(_courses(ours, theirs))
    console.print(_lines(ours, theirs))
    for name in FIGURES:
        for side, one, other in (("Coursemark", ours, theirs), ("DuckDB", theirs, ours)):
            for row in sorted(one[name] - other[name], key=str)[:SHOWN]:
                console.print(f"{name}, only by {side}: {row}", soft_wrap=True)
    return ours == theirs


def _lines(ours: Tables, theirs: Tables) -> Table:
    table = Table("report", title="Every line")
    for column in ("lines: Coursemark", "DuckDB", "the same"):
        table.add_column(column, justify="right")
    for name in FIGURES:
        one, other = ours[name], theirs[name]
        table.add_row(name, f"{len(one):,}", f"{len(other):,}", f"{len(one & other):,}")
    return table


def _totals(ours: Tables, theirs: Tables) -> Table:
    table = Table("of the whole school", title="Totals")
    for column in ("Coursemark", "DuckDB"):
        table.add_column(column, justify="right")
    one, other = _summed(ours), _summed(theirs)
    for what in sorted({*one, *other}):
        table.add_row(what, *(f"{side.get(what, 0):,}" for side in (one, other)))
    return table


def _summed(tables: Tables) -> dict[str, int]:
    """Counts by kind and provenance; scores by what they are of."""
    found: dict[str, int] = {}
    for kind, _, _, provenance, _, number in tables["counts"]:
        what = f"{kind}, {provenance}" if provenance else kind
        found[what] = found.get(what, 0) + number
    for scored, *_, number, millionths in tables["scores"]:
        for what, more in (("number", number), ("millionths", millionths)):
            name = f"scores of {scored}: {what}"
            found[name] = found.get(name, 0) + more
    return found


def _courses(ours: Tables, theirs: Tables) -> Table:
    """What a person asks of a course; a figure that differs is shown twice."""
    columns = ("enrolled", "started", "completed", "mean score", "days: 1/4", "1/2", "3/4")
    table = Table("course", title="By course, ever; one figure where both sides have the same")
    for column in columns:
        table.add_column(column, justify="right")
    one, other = _by_course(ours), _by_course(theirs)
    for course in sorted({*one, *other}):
        pairs = zip(one.get(course, [""] * 7), other.get(course, [""] * 7), strict=True)
        table.add_row(course, *(a if a == b else f"[red]{a} ≠ {b}[/]" for a, b in pairs))
    return table


def _by_course(tables: Tables) -> dict[str, list[str]]:
    days = {course: [str(quarter) for quarter in row[2:5]] for course, *row in tables["days"]}
    return {
        course: [*map(str, row), _mean(tables["scores"], course), *days.get(course, ["", "", ""])]
        for course, *row in tables["funnel"]
    }


def _mean(scores: Iterable[Row], course: str) -> str:
    """Of the averages at completion."""
    of = [row for row in scores if row[:2] == ("course", course)]
    number = sum(row[-2] for row in of)
    return f"{sum(row[-1] for row in of) / number / 1_000_000:.4f}" if number else ""


def main() -> None:
    """Read the command line and compare; exit code 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oulad.reports")
    parser.add_argument("--data", type=Path, required=True, help="folder of the csv.gz files")
    parser.add_argument("--out", type=Path, required=True, help="what make oulad left")
    asked = parser.parse_args()
    if not (asked.out / "stack").is_dir():
        sys.exit(f"There is nothing in {asked.out}; load it first: make oulad OUT={asked.out}")
    if not asked.data.is_dir():
        sys.exit(f"There is no folder {asked.data}; name the one that holds courses.csv.gz.")
    try:
        ours = uvloop.run(views_of(asked.out))
    except (FolderInUseError, MigrationChangedError, ServerError) as error:
        sys.exit(f"{error.code}: {error}")
    if not show(ours, recount(asked.data), Console()):
        sys.exit("The reports are not what the files say.")


if __name__ == "__main__":
    main()
