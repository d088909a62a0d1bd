"""``coursemark operations``: declared here."""

from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from services.cli.many.options import Actor, Note, School, Timeout
from services.cli.options import Json, with_server
from services.runtime.settings import Settings

app = typer.Typer(help="Operations: how far each has come; pause, resume, cancel, retry, approve.")

Operation = Annotated[str, typer.Argument(help="Its id, as `operations list` shows it.")]


def _states(incomplete: str) -> list[str]:
    return [state for state in _known() if state.startswith(incomplete)]


def _known() -> tuple[Any, ...]:
    from contracts.operations import State

    literal, _ = get_args(State)
    return get_args(literal)


@app.command("list")
@with_server
def list_(
    settings: Settings,
    *,
    school: School,
    state: Annotated[
        str | None,
        typer.Option(
            help="scheduled, validating, running, paused, completed, completed_with_errors or "
            "cancelled.",
            autocompletion=_states,
        ),
    ] = None,
    previews: Annotated[bool, typer.Option("--previews", help="Previews too.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="So many of the newest.")] = 50,
    as_json: Json = False,
) -> None:
    """List a school's operations, the newest first: state, counts, who, when and why."""
    from services.cli.operations import looking
    from services.cli.running import go

    wanted = next((known for known in _known() if known == state), None)
    if state != wanted:
        known = ", ".join(_known())
        raise typer.BadParameter(f"{state} is none of {known}.", param_hint="--state")
    go(
        settings,
        looking.list_(settings, school, wanted, limit, previews=previews, as_json=as_json),
    )


@app.command()
@with_server
def show(
    settings: Settings, operation: Operation, *, school: School, as_json: Json = False
) -> None:
    """Show everything about one operation."""
    from services.cli.operations import looking
    from services.cli.running import go

    go(settings, looking.show(settings, school, operation, as_json=as_json))


@app.command()
@with_server
def watch(
    settings: Settings,
    operation: Annotated[
        str | None, typer.Argument(help="One; all that are under way by default.")
    ] = None,
    *,
    school: School,
    timeout: Timeout = 60.0,
    as_json: Json = False,
) -> None:
    """Watch one operation, or all of a school that are under way, until they rest.

    --json prints each report as it comes. Exit codes: 0 completed, 1 with errors, held or
    cancelled, 3 nothing moves. Ctrl-C stops the watching alone.
    """
    from services.cli.operations import looking
    from services.cli.running import go

    code = go(settings, looking.watch_(settings, school, operation, timeout, as_json=as_json))
    if code:
        raise typer.Exit(code)


@app.command()
@with_server
def errors(
    settings: Settings,
    operation: Operation,
    *,
    school: School,
    out: Annotated[Path | None, typer.Option(help="This file; stdout by default.")] = None,
) -> None:
    """Write the rows that failed or were skipped as CSV, each with its code and sentence.

    Of a preview: every row. A cell that a spreadsheet would take for a formula begins with '.
    """
    from services.cli.operations import looking
    from services.cli.running import go

    go(settings, looking.errors_(settings, school, operation, out))


def _control(action: str, about: str) -> None:
    """One command for each action, all alike."""

    @with_server
    def control(
        settings: Settings,
        operation: Operation,
        *,
        school: School,
        actor: Actor,
        note: Note = None,
        timeout: Timeout = 30.0,
        as_json: Json = False,
    ) -> None:
        from services.cli.operations import looking
        from services.cli.running import go

        asked = looking.Control(action, school, operation, actor, note)
        go(settings, looking.control(settings, asked, timeout, as_json=as_json))

    app.command(action, help=about)(control)


_control("pause", "Hold an operation after the rows that are under way.")
_control("resume", "Let a paused operation go on; who resumes it answers for the rest.")
_control("cancel", "End an operation; what is done stays done, and can be undone.")
_control("retry", "Try the failed rows again, and those alone.")
_control("approve", "Let an operation begin that waits for a second administrator.")
