"""Printing: for a person by default, in colour only on a terminal; JSON lines for programs."""

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


def console(*, stderr: bool = False) -> "Console":
    """The console of a stream; without a terminal it prints plain text and never wraps it.

    rich leaves colours out by itself where NO_COLOR is set or there is no terminal.
    """
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 200
    return Console(file=stream, width=width, highlight=False, soft_wrap=not stream.isatty())


def write_json(value: Any) -> None:
    """One line of JSON on stdout, at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_text) + "\n")
    sys.stdout.flush()


def _text(value: object) -> str:
    """What JSON has no type for; an instant in ISO 8601."""
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)


def say(sentence: str) -> None:
    """A line for a person on stderr, beside output that a program may read."""
    sys.stderr.write(sentence + "\n")
