"""The port: a table, whatever kind of file it stands in, read line by line."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, Protocol

MAX_COLUMNS = 100
MAX_ROWS = 1_000_000


class Flawed(NamedTuple):
    """A cell that cannot be read, and why."""

    code: str
    message: str


Cell = str | date | Flawed
"""Text without spaces around it, empty for none; a day or a moment from a cell of dates."""


class Line(NamedTuple):
    """``number``: where it begins in the file, from 1; ``cut``: it has cells for some columns only.

    ``flaw``: why it cannot be read at all.
    """

    number: int
    cells: Sequence[Cell]
    flaw: Flawed | None = None
    cut: bool = False


class Table(Protocol):
    """A table of text, its headings in the first line that is not empty."""

    header: Line

    def lines(self) -> Iterator[Line]:
        """The lines after the headings that are not empty, once.

        Raises:
            ImportFileError: it cannot be read any further.
        """


class Reading(NamedTuple):
    """How to read a file; none: found out."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


FORMULA = Flawed(
    "formula", "is a formula; put its value there (in a spreadsheet: copy, paste values)"
)
"""Of a workbook and of a text file alike: nobody types such an id, name or note."""
