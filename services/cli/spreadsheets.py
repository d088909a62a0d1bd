"""Where CSV is written to."""

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer


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
