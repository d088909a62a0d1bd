"""Rows of an operation: as CSV that is safe in a spreadsheet, or as a table."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from services.cli.output import console
from services.cli.spreadsheets import safe, writing
from services.cli.tables import plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.operations.reading import Row

COLUMNS = "row", "learner", "course", "activity", "outcome", "code", "message"
SHOWN = 200
"""Rows that a table has at the most; a file has them all."""


async def write(rows: "AsyncIterator[Row]", out: Path | None) -> int:
    """Write them all; returns how many there were.

    Raises:
        BadParameter: the file cannot be written.
    """
    count = 0
    with writing(out) as writer:
        writer.writerow(COLUMNS)
        async for row in rows:
            writer.writerow([safe(getattr(row, column)) for column in COLUMNS])
            count += 1
    return count


async def show(rows: "AsyncIterator[Row]") -> None:
    """Print the first of them."""
    table = plain(">Row", "Learner", "Course", "Activity", "Outcome", "What")
    count = 0
    async for row in rows:
        count += 1
        if count > SHOWN:
            continue
        cells = row.learner, row.course or "", row.activity or ""
        outcome = row.code or ("would be done" if row.outcome == "previewed" else row.outcome)
        table.add_row(str(row.row), *map(Text, cells), outcome, Text(row.message or ""))
    out = console()
    out.print(table)
    if count > SHOWN:
        out.print(f"And {count - SHOWN:,} more; --out FILE.csv has them all.")
