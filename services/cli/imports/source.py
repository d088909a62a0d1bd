"""The file to import, as it can be read more than once."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import typer

_SPOOLED = 64 * 1024**2
"""Bytes of stdin that are kept in memory; more go to a temporary file."""
_PIECE = 1024**2


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """The file, or stdin for ``-``, at its beginning.

    Raises:
        BadParameter: it cannot be opened.
    """
    if str(file) == "-":
        with tempfile.SpooledTemporaryFile(_SPOOLED) as spooled:
            while piece := sys.stdin.buffer.read(_PIECE):
                spooled.write(piece)
            spooled.seek(0)
            yield cast("BinaryIO", spooled)
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}.", param_hint="FILE") from None
    with stream:
        yield stream
