"""A file to begin with: a template with the headings alone, and an example of each kind of line."""

import csv
import io
from collections.abc import Sequence
from datetime import date

HEADINGS = (
    *("learner", "email", "course", "activity", "completed", "completed_at", "enrolled_at"),
    *("score", "reason", "note"),
)
_Row = tuple[str | float | date | None, ...]
EXAMPLE: tuple[_Row, ...] = (
    # An activity, with its score and its day; the whole course; an enrolment alone.
    (
        *("u-1204", None, "biology-1", "exam", "yes", date(2025, 3, 14), date(2025, 3, 1)),
        *(87.5, "equivalent_outside_activity", "certificate 4711"),
    ),
    (
        *(None, "ben@riverside.example", "first-aid", None, "yes", date(2025, 5, 2), None),
        *(90, None, None),
    ),
    ("u-1206", None, "biology-1", None, "no", None, date(2025, 9, 1), None, None, None),
)
"""Of the school of docs/how-to/riverside.jsonl."""


def template(*, workbook: bool) -> bytes:
    """The headings alone, as CSV or as a workbook."""
    return _written((), workbook=workbook)


def example(*, workbook: bool) -> bytes:
    """The headings and a line of each kind."""
    return _written(EXAMPLE, workbook=workbook)


def _written(rows: Sequence[_Row], *, workbook: bool) -> bytes:
    return _as_workbook(rows) if workbook else _as_csv(rows)


def _as_csv(rows: Sequence[_Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADINGS, *rows])
    # With a mark, by which spreadsheets know that it is UTF-8.
    return text.getvalue().encode("utf-8-sig")


def _as_workbook(rows: Sequence[_Row]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - a large library, for who asks for a workbook
    from openpyxl.styles import Font  # noqa: PLC0415

    made = Workbook()
    sheet = made.active
    if sheet is None:
        raise AssertionError("a new workbook has a sheet")
    sheet.title = "Import"
    for row in (HEADINGS, *rows):
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column in ("A", "B", "C", "D", "I", "J"):
        sheet.column_dimensions[column].width = 18
        sheet.column_dimensions[column].number_format = "@"  # ids stay text
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()
