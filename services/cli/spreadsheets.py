"""CSV that is safe to open in a spreadsheet."""

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that a spreadsheet may take for a formula (OWASP, CSV injection)."""


def safe(cell: object) -> str:
    """The cell as text; one that a spreadsheet would take for a formula begins with '."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


@contextmanager
def writing(out: Path | None) -> Iterator[Any]:
    """A writer of CSV rows, to a file or to stdout.

    Raises:
        BadParameter: the file cannot be written.
    """
    if out is None:
        yield csv.writer(sys.stdout, lineterminator="\n")
        return
    try:
        stream = out.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}.", param_hint="--out") from None
    with stream:
        yield csv.writer(stream, lineterminator="\n")
