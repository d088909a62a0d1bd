"""``coursemark undo`` and ``coursemark preview undo``: declared here."""

from typing import Annotated

import typer

from services.cli.many.options import (
    Actor,
    DryRun,
    How,
    NoPreview,
    Note,
    Out,
    Reason,
    Rows,
    School,
    Timeout,
    Wait,
    Yes,
)
from services.cli.options import Json, with_server
from services.runtime.settings import Settings

Command = Annotated[
    str | None, typer.Argument(metavar="COMMAND", help="The id of the command to take back.")
]
Operation = Annotated[str | None, typer.Option(help="The operation to take back, instead.")]
IncludeLater = Annotated[bool, typer.Option("--include-later", help="Undo what stands on it too.")]


@with_server
def undo(  # noqa: PLR0913 - each is a flag
    settings: Settings,
    command: Command = None,
    *,
    operation: Operation = None,
    school: School,
    actor: Actor,
    include_later: IncludeLater = False,
    reason: Reason = None,
    note: Note = None,
    dry_run: DryRun = False,
    preview: NoPreview = True,
    yes: Yes = False,
    wait: Wait = True,
    timeout: Timeout = 60.0,
    as_json: Json = False,
) -> None:
    """Take back what a command, or an operation, did: scores, time, completion as before.

    Refused where later events stand on it (later_events), unless --include-later. What was sent
    stays sent, and is listed. Shows a preview and asks first. Exit codes: 0 undone, 1 something
    was refused, 2 wrong usage, 3 nothing moves.
    """
    how = How(
        dry_run=dry_run, preview=preview, yes=yes, wait=wait, timeout=timeout, as_json=as_json
    )
    _go(
        settings, _what(command, operation), (school, actor, reason, note), how, later=include_later
    )


@with_server
def preview_undo(  # noqa: PLR0913 - each is a flag
    settings: Settings,
    command: Command = None,
    *,
    operation: Operation = None,
    school: School,
    actor: Actor,
    include_later: IncludeLater = False,
    rows: Rows = False,
    out: Out = None,
    timeout: Timeout = 60.0,
    as_json: Json = False,
) -> None:
    """Say what `undo` would do, and what was sent and would stay sent; change nothing.

    Exit codes as of undo: 1 where something would be refused.
    """
    how = How(dry_run=True, rows=rows, out=out, timeout=timeout, as_json=as_json)
    _go(settings, _what(command, operation), (school, actor, None, None), how, later=include_later)


def _what(command: str | None, operation: str | None) -> tuple[str, str]:
    """``undoes`` or ``undoes_operation``, and its id."""
    if command is not None and operation is None:
        return "command", command
    if operation is not None and command is None:
        return "operation", operation
    raise typer.BadParameter("name a COMMAND or an --operation, not both or neither.")


def _go(
    settings: Settings,
    what: tuple[str, str],
    who: tuple[str, str, str | None, str | None],
    how: How,
    *,
    later: bool,
) -> None:
    from services.cli.running import go
    from services.cli.undo.undoing import Undo, undo_command, undo_operation

    school, actor, reason, note = who
    asked = Undo(what[1], school, actor, reason, note, later)
    work = undo_command if what[0] == "command" else undo_operation
    code = go(settings, work(settings, asked, how))
    if code:
        raise typer.Exit(code)
