"""What an import writes for a person: problems as a table or a file, samples."""

import sys
from collections.abc import Mapping
from pathlib import Path

import typer
from rich.text import Text

from services.cli.output import console, say, write_json
from services.cli.spreadsheets import writing
from services.cli.stack.imports.port import CheckedFile
from services.cli.tables import plain
from services.imports.problems import COLUMNS, HARMLESS, cells, shaped
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


async def write_problems(file: CheckedFile, out: Path) -> int:
    """Every problem, into CSV that is safe in a spreadsheet or JSON lines; returns how many.

    Raises:
        BadParameter: the file cannot be written.
    """
    if out.suffix.lower() in {".jsonl", ".ndjson"}:
        return await _as_lines(file, out)
    count = 0
    with writing(out) as writer:
        writer.writerow(COLUMNS)
        async for it in file.problems():
            writer.writerow(map(safe, cells(it)))
            count += 1
    return count


async def _as_lines(file: CheckedFile, out: Path) -> int:
    import orjson

    count = 0
    try:
        stream = out.open("wb")
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}.", param_hint="--problems") from None
    with stream:
        async for it in file.problems():
            stream.write(orjson.dumps(shaped(it), option=orjson.OPT_APPEND_NEWLINE))
            count += 1
    return count


async def tell_problems(file: CheckedFile, *, as_json: bool) -> None:
    """All of them as JSON lines; for a person the first ones, and how many of each code."""
    if as_json:
        async for it in file.problems():
            write_json({"problem": shaped(it)})
        return
    codes = file.found.codes
    if not codes:
        return
    table = plain(">Line", "Column", "Code", "Problem")
    async for it in file.problems():
        if table.row_count == LISTED:
            break
        style = "dim" if it.harmless else ""
        line = "" if it.line is None else f"{it.line:,}"
        told = (line, it.column or "", it.code, it.message)
        table.add_row(*(Text(cell, style=style) for cell in told))
    console().print(table)
    more = sum(codes.values()) - LISTED
    if more > 0:
        say(f"And {more:,} more; --problems FILE.csv has them all.")
        _count(codes)


def _count(codes: Mapping[str, int]) -> None:
    table = plain("Code", ">Problems")
    for code, number in sorted(codes.items()):
        table.add_row(code, f"{number:,}", style="dim" if code in HARMLESS else "")
    console().print(table)
