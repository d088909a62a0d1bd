"""An operation sent in parts and watched to its end, by whichever command asks for it."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from contracts.operations import BeginningCommand, OperationReported
from services.cli import errors
from services.cli.many.options import How
from services.cli.operations import printing, rows
from services.cli.operations.bars import bars
from services.cli.operations.sending import ask
from services.cli.operations.watching import how_to_watch, watch
from services.cli.output import say, write_json
from services.cli.send.outgoing import Outgoing

if TYPE_CHECKING:
    from services.cli.stack.port import Stack

_NEGATIVE = frozenset({"completed_with_errors", "cancelled", "paused"})


async def run(stack: "Stack", messages: Sequence[Outgoing], how: How) -> OperationReported:
    """Send the parts, then watch until the operation rests; returns its last report.

    Raises:
        RefusedError: a part was rejected.
        UnansweredError: a part was not answered.
        NothingMovesError: it stands still.
    """
    command = messages[0].command
    if not isinstance(command, BeginningCommand):
        raise TypeError(f"{messages[0].type} begins no operation")
    school, operation = command.school, command.operation
    await ask(stack, messages, how.timeout, nothing_twice(operation))
    if not how.wait and not command.dry_run:
        return await stack.report(school, operation)
    if not command.dry_run:
        say(sent(operation, command.parts))
    return await watched(stack, school, operation, how)


async def watched(stack: "Stack", school: str, operation: str, how: How) -> OperationReported:
    """Watch an operation until it rests; returns its last report.

    Ctrl-C leaves it running.

    Raises:
        NothingMovesError: it stands still.
    """
    try:
        with bars() as show:
            reports = await watch(stack, school, [operation], show, how.timeout)
    except asyncio.CancelledError:
        how_to_watch(school, operation)
        raise
    return reports[operation]


async def told(stack: "Stack", report: OperationReported, how: How) -> int:
    """Print what became of it; returns the exit code."""
    place = report.school, report.operation
    effects = await stack.effects(*place) if report.dry_run else None
    await rows.tell(lambda: stack.rows(*place), how)
    if how.as_json:
        more = {} if effects is None else {"effects": effects.model_dump()}
        write_json(report.model_dump(mode="json", exclude_none=True) | more)
    else:
        printing.ended(report, effects)
    return exit_code(report)


async def previewed(stack: "Stack", report: OperationReported, how: How) -> int | None:
    """Print what would become of it; returns the exit code where it goes no further.

    It goes no further where only a preview was asked for, or nothing would be done.
    """
    code = await told(stack, report, how)
    if how.dry_run:
        return code
    if report.state == "completed" and not report.done:
        say("Nothing would be done, so nothing was sent; --no-preview sends it all the same.")
        return code
    return None


def sent(operation: str, parts: int) -> str:
    """That all of it is on its way."""
    return f"Operation {operation}: {parts:,} part{'s' * (parts > 1)} sent."


def nothing_twice(operation: str) -> str:
    """What to do where it is not known whether it was sent."""
    return f"Sent again with --operation {operation}, it does nothing twice."


def exit_code(report: OperationReported) -> int:
    """0 unless something was refused, or would be, or it is held or cancelled."""
    return errors.NEGATIVE if report.failed or report.state in _NEGATIVE else 0
