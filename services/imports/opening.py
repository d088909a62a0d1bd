"""A file of either kind as a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from services.imports.delimited import delimited
from services.imports.kinds import kind_of
from services.imports.problems import ImportFileError
from services.imports.table import MAX_COLUMNS, Reading, Table


@contextmanager
def table(stream: BinaryIO, reading: Reading = Reading()) -> Iterator[Table]:  # noqa: B008 - frozen
    """The table in a stream that can be sought; what it is is found out from its bytes.

    Raises:
        ImportFileError: it is none, or one that is not read; the text says what to do.
    """
    if kind_of(stream, reading.encoding) == "workbook":
        from services.imports.workbook.sheet import sheet  # noqa: PLC0415 - openpyxl is large

        with sheet(stream, reading) as found:
            _refuse_wide(found)
            yield found
    else:
        with delimited(stream, reading) as read:
            _refuse_wide(read)
            yield read


def _refuse_wide(found: Table) -> None:
    width = len(found.header.cells)
    if width > MAX_COLUMNS:
        raise ImportFileError(
            "too_many_columns",
            f"The first line has more than {MAX_COLUMNS} columns; keep those that are imported.",
            found.header.number,
        )
