"""Rows of an operation: as CSV that is safe in a spreadsheet, or as a table."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from services.cli.many.options import How
from services.cli.output import console, say
from services.cli.spreadsheets import writing
from services.cli.tables import plain
from services.operations.telling import COLUMNS, cells, foreseen
from services.runtime.spreadsheets import safe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.operations.reading import Row

SHOWN = 200
"""Rows that a table has at the most; a file has them all."""


async def tell(read: Callable[[], "AsyncIterator[Row]"], how: How) -> None:
    """Into the file, and onto the screen, where that was asked for; ``read`` begins anew each time.

    Raises:
        BadParameter: the file cannot be written.
    """
    if how.out is not None:
        count = await write(read(), how.out)
        say(f"{count:,} row{'' if count == 1 else 's'} in {how.out}.")
    if how.rows:
        await show(read())


async def write(rows: "AsyncIterator[Row]", out: Path | None) -> int:
    """Write them all; returns how many there were.

    Raises:
        BadParameter: the file cannot be written.
    """
    count = 0
    with writing(out) as writer:
        writer.writerow(COLUMNS)
        async for row in rows:
            writer.writerow(map(safe, cells(row)))
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
        about = row.learner, row.course or "", row.activity or ""
        outcome = row.code or ("would be done" if row.outcome == "previewed" else row.outcome)
        told = row.message or "; ".join(filter(None, foreseen(row)))
        table.add_row(str(row.row), *map(Text, about), outcome, Text(told))
    out = console()
    out.print(table)
    if count > SHOWN:
        out.print(f"And {count - SHOWN:,} more; --out FILE.csv has them all.")
