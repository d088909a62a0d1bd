"""CSV that is safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that a spreadsheet may take for a formula (OWASP, CSV injection)."""


def safe(cell: object) -> str:
    """The cell as text; one that a spreadsheet would take for a formula begins with '."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_of(rows: Iterable[Iterable[object]]) -> bytes:
    """Lines of CSV, each cell safe."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(map(safe, row) for row in rows)
    return text.getvalue().encode()
