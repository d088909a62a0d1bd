"""What an import writes for a person: problems as a table or a file, samples."""

import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import typer
from rich.text import Text

from services.cli.output import console, say, write_json
from services.cli.spreadsheets import writing
from services.cli.tables import plain
from services.imports.ledger import CodeCount, Ledger
from services.imports.problems import COLUMNS, Problem, cells, shaped
from services.runtime.spreadsheets import safe

LISTED = 50
"""Problems that a table has at the most; a file has them all."""


def write_bytes(content: bytes, out: Path | None) -> None:
    """A file, or stdout.

    Raises:
        BadParameter: the file cannot be written.
    """
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}.", param_hint="--out") from None


def write_problems(ledger: Ledger, out: Path) -> int:
    """Every problem, into CSV that is safe in a spreadsheet or JSON lines; returns how many.

    Raises:
        BadParameter: the file cannot be written.
    """
    if out.suffix.lower() in {".jsonl", ".ndjson"}:
        return _as_lines(ledger, out)
    count = 0
    with writing(out) as writer:
        writer.writerow(COLUMNS)
        for it in ledger.problems():
            writer.writerow(map(safe, cells(it)))
            count += 1
    return count


def _as_lines(ledger: Ledger, out: Path) -> int:
    import orjson

    count = 0
    try:
        stream = out.open("wb")
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}.", param_hint="--problems") from None
    with stream:
        for it in ledger.problems():
            stream.write(orjson.dumps(shaped(it), option=orjson.OPT_APPEND_NEWLINE))
            count += 1
    return count


def tell_problems(ledger: Ledger, *, as_json: bool) -> None:
    """All of them as JSON lines; for a person the first ones, and how many of each code."""
    if as_json:
        for it in ledger.problems():
            write_json({"problem": shaped(it)})
        return
    counted = ledger.codes()
    if not counted:
        return
    found: Iterator[Problem] = ledger.problems()
    table = plain(">Line", "Column", "Code", "Problem")
    for it in islice(found, LISTED):
        style = "dim" if it.harmless else ""
        line = "" if it.line is None else f"{it.line:,}"
        told = (line, it.column or "", it.code, it.message)
        table.add_row(*(Text(cell, style=style) for cell in told))
    console().print(table)
    more = sum(it.number for it in counted) - LISTED
    if more > 0:
        say(f"And {more:,} more; --problems FILE.csv has them all.")
        _count(counted)


def _count(counted: Sequence[CodeCount]) -> None:
    table = plain("Code", ">Problems")
    for it in counted:
        table.add_row(it.code, f"{it.number:,}", style="dim" if it.harmless else "")
    console().print(table)
