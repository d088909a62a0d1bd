"""One command, or a file of them, from reading to the table."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import typer

from services.cli import errors
from services.cli.running import bar
from services.cli.send import lines
from services.cli.send.flags import from_flags
from services.cli.send.outcomes import Kind, Outcome
from services.cli.send.outgoing import NotSendableError, Outgoing
from services.cli.send.printing import Tally
from services.cli.stack.opening import opened
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.cli.stack.port import Stack

LONG = 500
"""Lines from which a file has a progress bar."""


async def send_one(
    settings: Settings, name: str, flags: Mapping[str, Any], seconds: float, *, as_json: bool
) -> Counter[Kind]:
    """Send the command of the flags; returns how often each outcome came."""
    try:
        outgoing = from_flags(name, flags)
    except NotSendableError as error:
        raise typer.BadParameter(str(error)) from None
    async with opened(settings) as stack:
        outcome = await send_prepared(stack, outgoing, seconds, as_json=as_json)
    return Counter([outcome.kind])


async def send_prepared(
    stack: "Stack", outgoing: Outgoing, seconds: float, *, as_json: bool
) -> Outcome:
    """Send one message; returns what became of it."""
    outcomes: list[Outcome] = []
    await stack.converse([outgoing], seconds, outcomes.append)
    [outcome] = outcomes
    tally = Tally(lambda _: None, as_json=as_json)
    tally.tell(outcome)
    tally.print()
    return outcome


def exit_code(kinds: Counter[Kind]) -> int:
    """0 where all was accepted, 1 where something was refused, 3 where something had no result."""
    if kinds["no_result"]:
        return errors.NO_RESULT
    return errors.NEGATIVE if kinds["rejected"] or kinds["not_sent"] else 0


async def send_file(
    settings: Settings, file: Path, seconds: float, *, as_json: bool
) -> Counter[Kind]:
    """Send the file's lines; returns how often each outcome came."""
    async with opened(settings) as stack:
        with _opened(file) as (stream, total), _bar(total) as advance:
            tally = Tally(advance, as_json=as_json)
            await stack.converse(lines.read(stream), seconds, tally.tell)
    tally.print()
    return tally.kinds


@contextmanager
def _opened(file: Path) -> Iterator[tuple[BinaryIO, int | None]]:
    """The lines, and how many there are where that can be told before."""
    if str(file) == "-":
        yield sys.stdin.buffer, None
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}.", param_hint="--file") from None
    with stream:
        total = sum(1 for line in stream if line.strip())
        stream.seek(0)
        yield stream, total


@contextmanager
def _bar(total: int | None) -> Iterator[Any]:
    if total is not None and total < LONG:
        yield lambda _: None
        return
    with bar("answered", total) as advance:
        yield advance
