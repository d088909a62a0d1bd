"""A view's rows as CSV, written as they are read: memory stays flat."""

import csv
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from services.cli.export.cells import ACTIVITY, PROGRESS, Formats, Row, cells
from services.cli.running import bar
from services.cli.stack.opening import opened
from services.runtime.settings import Settings

OFTEN = 1_000
"""Rows between two steps of the bar."""


async def export(settings: Settings, what: str, out: Path) -> int:
    """Write ``progress`` or ``activities``; returns how many rows there are."""
    async with opened(settings) as stack:
        if what == "progress":
            return await _write(stack.exports.progress(), PROGRESS, out)
        return await _write(stack.exports.activities(), ACTIVITY, out)


async def _write(rows: AsyncIterator[Row], formats: Formats, out: Path) -> int:
    count = 0
    with whole(out) as file, bar("rows") as advance:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(formats)
        async for row in rows:
            writer.writerow(cells(row, formats))
            count += 1
            if count % OFTEN == 0:
                advance(OFTEN)
    return count


@contextmanager
def whole(out: Path) -> Iterator[TextIO]:
    """The file, whole or not at all: nobody finds half an export under its name."""
    if str(out) == "-":
        yield sys.stdout
        return
    partial = out.with_name(f"{out.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            yield file
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    partial.replace(out)
