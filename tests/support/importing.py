"""Files to import: the same table as CSV and as a workbook, and what is read of either."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from services.imports.columns import columns
from services.imports.entries import Choices, Reader
from services.imports.opening import table
from services.imports.table import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.imports.entries import Said
    from services.imports.problems import Problem

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def choices(**more: Any) -> Choices:
    usual: dict[str, Any] = {"school": "riverside", "now": NOW, "zone": ZoneInfo("UTC")}
    return Choices(**usual | more)


def as_csv(rows: Iterable[Iterable[Any]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def workbook(rows: Iterable[Iterable[Any]]) -> Workbook:
    made = Workbook()
    for row in rows:
        made.active.append(list(row))
    return made


def saved(made: Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def as_xlsx(rows: Iterable[Iterable[Any]]) -> bytes:
    return saved(workbook(rows))


def said(
    content: bytes,
    reading: Reading | None = None,
    **more: Any,
) -> tuple[list[Said], list[Problem]]:
    """What each line of a file says, and all that is wrong with headings and cells."""
    chosen = choices(**more)
    with table(io.BytesIO(content), reading or Reading()) as found:
        known, problems = columns(found.header, ignore_unknown=chosen.ignore_columns)
        reader = Reader(known, chosen)
        lines = []
        for line in found.lines():
            read, wrong = reader.read(line)
            lines.append(read)
            problems += wrong
    return lines, problems


def codes(problems: Iterable[Problem]) -> list[tuple[int | None, str | None, str]]:
    return [(it.line, it.column, it.code) for it in problems]
