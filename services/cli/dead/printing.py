"""Dead letters for a person, or for programs."""

import base64
import shutil
from datetime import UTC, datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from contracts.envelope import timestamp
from services.cli.dead.letters import Letter
from services.cli.dead.reading import Summary
from services.cli.output import console, say, write_json

_BYTES_A_LINE = 16
_VISIBLE = range(0x20, 0x7F)
_FRAME = 14
"""Lines of a screen that everything but the body takes."""


def as_table(found: Summary) -> None:
    """The newest letters, the newest last, where a terminal shows it."""
    total = found.counts.total()
    if not total:
        console().print("No dead letters: everything that came could be handled.")
        return
    table = Table("Letter", "When (UTC)", "Code", "Key", box=None, pad_edge=False)
    table.add_column("Bytes", justify="right")
    table.add_column("Error")
    for it in found.newest:
        when = f"{_when(it):%Y-%m-%d %H:%M:%S}"
        row = (it.mark("error_code"), _line(it.key), f"{it.size:,}", it.mark("error"))
        table.add_row(str(it.place), when, *map(Text, row))
    console().print(table)
    if total > len(found.newest):
        say(f"The newest {len(found.newest):,} of {total:,}; --limit shows more.")


def as_json(found: Summary) -> None:
    """A line for each of the newest letters."""
    for it in found.newest:
        write_json(_shaped(it))


def show(letter: Letter, *, whole: bool) -> None:
    """Everything about one letter; its body cut to a screen unless the whole is wanted."""
    table = Table.grid(padding=(0, 2))
    for name, text in (
        ("Letter", str(letter.place)),
        ("Error", f"{letter.mark('error')} [{letter.mark('error_code')}]"),
        ("Origin", letter.origin),
        ("When", f"{_when(letter):%Y-%m-%d %H:%M:%S} UTC"),
        ("Key", _line(letter.key)),
        *((f"  {name}", _line(raw)) for name, raw in letter.own_headers),
        ("Bytes", f"{letter.size:,}"),
    ):
        table.add_row(Text(name, style="bold"), Text(text))
    console().print(table)
    console().print()
    console().print(_cut(_body(letter), whole=whole))


def show_json(letter: Letter) -> None:
    """The whole letter; bytes that are not UTF-8 in base64."""
    write_json(_shaped(letter) | {"headers": _headers(letter), "body": _bytes(letter.value)})


def _shaped(letter: Letter) -> dict[str, Any]:
    return {
        "letter": str(letter.place),
        "at": timestamp(_when(letter)),
        "code": letter.mark("error_code"),
        "error": letter.mark("error"),
        "origin": letter.origin,
        "key": _bytes(letter.key),
        "bytes": letter.size,
    }


def _headers(letter: Letter) -> list[dict[str, Any]]:
    return [{"name": name, "value": _bytes(raw)} for name, raw in letter.own_headers]


def _bytes(raw: bytes | None) -> str | dict[str, str] | None:
    text = _text(raw or b"")
    if raw is None or text is not None:
        return None if raw is None else text
    return {"base64": base64.b64encode(raw).decode()}


def _when(letter: Letter) -> datetime:
    return datetime.fromtimestamp(letter.at / 1_000, UTC)


def _body(letter: Letter) -> list[str]:
    """Lines of text where the body is UTF-8, else of hexadecimal digits."""
    if letter.value is None:
        dropped = "The body was too large to be kept." if not letter.is_whole else "(no body)"
        return [dropped]
    text = _text(letter.value)
    return text.splitlines() if text is not None else _hexadecimal(letter.value)


def _hexadecimal(raw: bytes) -> list[str]:
    return [
        f"{at:08x}  {raw[at : at + _BYTES_A_LINE].hex(' '):<48} {_visible(raw[at : at + 16])}"
        for at in range(0, len(raw), _BYTES_A_LINE)
    ]


def _visible(raw: bytes) -> str:
    return "".join(chr(byte) if byte in _VISIBLE else "." for byte in raw)


def _cut(lines: list[str], *, whole: bool) -> Text:
    columns, rows = shutil.get_terminal_size()
    screen = max(5, rows - _FRAME)
    wrapped = [part for line in lines for part in _wrapped(line, columns)]
    if whole or len(wrapped) <= screen:
        return Text("\n".join(lines))
    more = len(wrapped) - screen
    return Text("\n".join(wrapped[:screen]) + f"\n… {more:,} more lines; --whole shows them.")


def _wrapped(line: str, columns: int) -> list[str]:
    return [line[at : at + columns] for at in range(0, len(line), columns)] or [""]


def _line(raw: bytes | None) -> str:
    """Bytes on one line: as text, or as hexadecimal digits."""
    if raw is None:
        return "(none)"
    text = _text(raw)
    return text if text is not None and text.isprintable() else f"0x{raw.hex()}"


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None
