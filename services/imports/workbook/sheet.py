"""One sheet of a workbook, read line by line."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, BinaryIO

from openpyxl import load_workbook

from services.imports.problems import ImportFileError
from services.imports.table import FORMULA, MAX_COLUMNS, Cell, Flawed, Line, Reading
from services.imports.workbook.archive import broken, merged_cells, opened

LAST_LINE = 1_048_576
"""The last that a spreadsheet has."""
EXACT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number."""
_STEP = 1_000
_SHOWN = 5
_ERROR = Flawed("error_cell", "holds an error such as #N/A; correct it in the spreadsheet")
_NOT_TEXT = Flawed("not_text", "is a time or a span of time; write a date, or text")
_DIGITS = Flawed(
    "number_too_long",
    f"is a number of more than {EXACT_DIGITS} digits, of which a spreadsheet has lost the last; "
    "make the column text and write it again",
)


@contextmanager
def sheet(stream: BinaryIO, reading: Reading) -> Iterator["Sheet"]:
    """The table of a workbook's one visible sheet, or of the named one; the stream stays open.

    Raises:
        ImportFileError: as ``archive``, and which_sheet, merged_cells, empty_file.
    """
    with opened(stream) as archive:
        merged = merged_cells(archive)  # before anything is parsed
        with _as_file_errors():
            workbook = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        try:
            chosen = _chosen(workbook, reading.sheet)
            ranges = merged.get(chosen._worksheet_path.lstrip("/"))  # noqa: SLF001 - only there
            if ranges:
                raise _merged(ranges)
            yield Sheet(chosen)
        finally:
            workbook.close()


class Sheet:
    """One reading of it."""

    def __init__(self, worksheet: Any) -> None:
        worksheet.reset_dimensions()  # what a file says of its size can be wrong
        self._lines = _numbered(worksheet.iter_rows(max_col=MAX_COLUMNS + 1))
        header = next(self._lines, None)
        if header is None:
            raise ImportFileError("empty_file", "The sheet is empty; send one with headings.")
        self.header = header

    def lines(self) -> Iterator[Line]:
        """See ``Table``."""
        return self._lines


def _numbered(rows: Iterator[Sequence[Any]]) -> Iterator[Line]:
    """Lines that are not empty, without the empty cells at their ends."""
    number = 0
    while True:
        with _as_file_errors():
            step = list(islice(rows, _STEP))
        if not step:
            return
        for row in step:
            number += 1
            if number > LAST_LINE:
                raise ImportFileError(
                    "broken_workbook", f"The sheet has a line after line {LAST_LINE:,}.", number
                )
            cells = [_cell(it) for it in row[: _width(row)]]
            if any(cell != "" for cell in cells):
                yield Line(number, cells)


def _width(row: Sequence[Any]) -> int:
    """The cells of a row without the empty ones at its end: it has as many as asked for."""
    width = len(row)
    while width and row[width - 1].value is None:
        width -= 1
    return width


def _cell(cell: Any) -> Cell:
    kind, value = cell.data_type, cell.value
    if value is None:
        return ""
    match value:
        case _ if kind == "f":
            return FORMULA
        case _ if kind == "e":
            return _ERROR
        case str():
            text = value.strip()
            return FORMULA if text.startswith("=") else text
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return _number(value, cell.number_format)
        case datetime():
            return value
        case date():
            return value
        case time() | timedelta():
            return _NOT_TEXT
        case _:
            return _ERROR


def _number(value: float, number_format: str) -> Cell:
    """As the sheet shows it: an id keeps no ``.0``, 85 % is no 0.85."""
    if "%" in number_format:
        return f"{round(value * 100, 10):.10g}%"
    if abs(value) >= 10**EXACT_DIGITS:
        return _DIGITS
    whole = int(value)
    return str(whole) if whole == value else repr(value)


def _chosen(workbook: Any, named: str | None) -> Any:
    """The named sheet, or the only one that can be seen."""
    sheets = {it.title: it for it in workbook.worksheets}
    visible = [title for title, it in sheets.items() if it.sheet_state == "visible"]
    if named is not None and named in sheets:
        return sheets[named]
    if named is None and len(visible) == 1:
        return sheets[visible[0]]
    listed = ", ".join(f'"{title}"' for title in (sheets if named else visible)) or "none"
    what = "has no such sheet" if named else "has not one visible sheet alone"
    raise ImportFileError("which_sheet", f"The workbook {what}; name one with --sheet: {listed}.")


def _merged(ranges: Sequence[str]) -> ImportFileError:
    more = len(ranges) - _SHOWN
    shown = ", ".join(ranges[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
    return ImportFileError(
        "merged_cells",
        f"The sheet has merged cells ({shown}), of which only one has a value; unmerge them and "
        "fill each.",
    )


@contextmanager
def _as_file_errors() -> Iterator[None]:
    """What the library makes of a damaged workbook, as one sentence; its warnings are of looks."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="openpyxl")
        try:
            yield
        except ImportFileError:
            raise
        except Exception as error:
            raise broken(error) from error
