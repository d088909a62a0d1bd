"""What the commands of ``coursemark operations`` do."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import typer

from contracts.operations import State
from services.cli.many.request import SOURCE
from services.cli.operations import printing
from services.cli.operations.bars import bars
from services.cli.operations.running import exit_code
from services.cli.operations.sending import ask
from services.cli.operations.watching import rests, watch
from services.cli.output import say, write_json
from services.cli.send.outgoing import NotSendableError, prepare
from services.cli.stack.opening import opened
from services.runtime.settings import Settings

UNDER_WAY: Sequence[State] = ("scheduled", "validating", "running")
WATCHED = 20
"""Operations that fit below each other."""


class Control(NamedTuple):
    """What somebody wants of an operation."""

    action: str
    school: str
    operation: str
    actor: str
    note: str | None


async def list_(
    settings: Settings,
    school: str,
    state: State | None,
    limit: int,
    *,
    previews: bool,
    as_json: bool,
) -> None:
    """Print a line for each."""
    async with opened(settings) as stack:
        states = None if state is None else [state]
        found = await stack.operations(school, states=states, previews=previews, limit=limit)
    if not as_json:
        printing.listed(found)
        return
    for report in found:
        write_json(report.model_dump(mode="json", exclude_none=True))


async def show(settings: Settings, school: str, operation: str, *, as_json: bool) -> None:
    """Print one.

    Raises:
        UnknownOperationError: the school has no such operation.
    """
    async with opened(settings) as stack:
        report = await stack.report(school, operation)
        effects = await stack.effects(school, operation) if report.dry_run else None
    if as_json:
        more = {} if effects is None else {"effects": effects.model_dump()}
        write_json(report.model_dump(mode="json", exclude_none=True) | more)
    else:
        printing.shown(report, effects)


async def watch_(
    settings: Settings, school: str, operation: str | None, patience: float, *, as_json: bool
) -> int:
    """Watch one or all; returns the exit code, the worst one of several.

    Raises:
        UnknownOperationError: the school has no such operation.
        NothingMovesError: they stand still.
    """
    async with opened(settings) as stack:
        if operation is None:
            reports = await stack.operations(school, states=UNDER_WAY, previews=True, limit=WATCHED)
            names = [it.operation for it in reports if not rests(it)]
        else:
            names = [(await stack.report(school, operation)).operation]
        if not names:
            say(f"{school} has no operation under way.")
            return 0
        try:
            with bars(as_json=as_json) as shown:
                ended = await watch(stack, school, names, shown, patience)
        except asyncio.CancelledError:
            say("What was watched goes on.")
            raise
    for report in () if as_json else ended.values():
        printing.ended(report)
    return max(map(exit_code, ended.values()))


async def control(settings: Settings, asked: Control, seconds: float, *, as_json: bool) -> None:
    """Ask for it, and say how the operation stands then.

    Raises:
        RefusedError: it was rejected.
        UnansweredError: no result came.
        UnknownOperationError: the school has no such operation.
    """
    fields = {name: value for name, value in asked._asdict().items() if value is not None}
    try:
        command = prepare(1, "control_operation", fields | {"source": SOURCE})
    except NotSendableError as error:
        raise typer.BadParameter(str(error)) from None
    again = f"`coursemark operations show {asked.operation}` tells how it stands."
    async with opened(settings) as stack:
        await ask(stack, [command], seconds, again)
        report = await stack.report(asked.school, asked.operation)
    if as_json:
        write_json(report.model_dump(mode="json", exclude_none=True))
    else:
        printing.listed([report])


async def errors_(settings: Settings, school: str, operation: str, out: Path | None) -> None:
    """Write its rows as CSV.

    Raises:
        UnknownOperationError: the school has no such operation.
        BadParameter: the file cannot be written.
    """
    from services.cli.operations.rows import write

    async with opened(settings) as stack:
        await stack.report(school, operation)
        count = await write(stack.rows(school, operation), out)
    say(f"{count:,} row{'' if count == 1 else 's'}.")
