"""What is found out before a file is kept: whether it is a table at all, and has no passwords."""

from collections.abc import Sequence
from typing import BinaryIO

from services.imports.columns import columns
from services.imports.opening import table
from services.imports.problems import PASSWORDS, ImportFileError
from services.imports.table import Line, Reading


def look(stream: BinaryIO, reading: Reading) -> None:
    """Let it be kept.

    Of a file without a column of passwords its beginning is read, and of a workbook its size.

    Raises:
        ImportFileError: it is no table, or brings passwords, which are kept nowhere.
    """
    with table(stream, reading) as found:
        header, _ = columns(found.header, ignore_unknown=True)
        places = [place for place, field in enumerate(header.fields) if field == "password"]
        if places and any(_has_one(line, places) for line in found.lines()):
            raise ImportFileError("password_column", PASSWORDS)


def _has_one(line: Line, places: Sequence[int]) -> bool:
    """Whether a line has a password; one that cannot be read may have."""
    cells = line.cells
    return line.flaw is not None or any(
        place < len(cells) and cells[place] != "" for place in places
    )
