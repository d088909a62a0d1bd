"""``coursemark send``: declared here."""

from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli.options import Json, with_server
from services.runtime.settings import Settings

_WHO, _WHAT, _WHY = "Who and where", "What", "When and why"


def _types(incomplete: str) -> list[tuple[str, str]]:
    from services.cli.send.outgoing import SHORT, TYPES

    found = {name: TYPES[full] for name, full in SHORT.items() if name.startswith(incomplete)}
    return [(name, (model.__doc__ or "").partition("\n")[0]) for name, model in found.items()]


def _flag(panel: str, text: str, *names: str) -> Any:
    return typer.Option(*names, help=text, rich_help_panel=panel)


@with_server
def send(  # noqa: PLR0913 - each is a flag
    settings: Settings,
    type_: Annotated[
        str | None,
        typer.Argument(metavar="TYPE", help="mark_complete, ...", autocompletion=_types),
    ] = None,
    *,
    file: Annotated[
        Path | None, typer.Option(help="JSON lines instead of flags; - for stdin.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds without any result before giving up.")
    ] = 30.0,
    as_json: Json = False,
    school: Annotated[str | None, _flag(_WHO, "The school.")] = None,
    learner: Annotated[str | None, _flag(_WHO, "The learner.")] = None,
    course: Annotated[str | None, _flag(_WHO, "The course.")] = None,
    actor: Annotated[str | None, _flag(_WHO, "The administrator who asks.")] = None,
    activity: Annotated[list[str] | None, _flag(_WHAT, "An activity; repeat it for more.")] = None,
    whole_course: Annotated[
        bool | None, _flag(_WHAT, "The whole course.", "--whole-course")
    ] = None,
    signal: Annotated[
        str | None, _flag(_WHAT, "visit, join, claim, submission or time_spent.")
    ] = None,
    score: Annotated[float | None, _flag(_WHAT, "0 to 100 points.")] = None,
    seconds: Annotated[int | None, _flag(_WHAT, "Time spent.")] = None,
    send_completion_email: Annotated[
        bool | None,
        _flag(_WHAT, "Whether the completion e-mail goes out.", "--email/--no-email"),
    ] = None,
    effective_at: Annotated[
        str | None, _flag(_WHY, "When it was achieved: 2024-05-01T09:30:00Z.")
    ] = None,
    reason: Annotated[str | None, _flag(_WHY, "administrative, tested_out, ...")] = None,
    note: Annotated[str | None, _flag(_WHY, "For the log; no personal data.")] = None,
    source: Annotated[str | None, _flag(_WHY, "kafka, console, api or import.")] = None,
    id_: Annotated[
        str | None, _flag(_WHY, "The command's id; a new one by default.", "--id")
    ] = None,
    correlation_id: Annotated[str | None, _flag(_WHY, "Ties messages of one cause.")] = None,
    batch_id: Annotated[str | None, _flag(_WHY, "The operation it belongs to.")] = None,
    structure_version: Annotated[int | None, _flag(_WHY, "For evaluate_course.")] = None,
) -> None:
    """Send a command from flags, or a file of JSON lines, and wait for the results.

    A line is {"type": "mark_complete", "id": "optional", "data": {...}}; types are the commands,
    course_structure, learning_program, school and user. Exit codes: 0 all accepted, 1 something
    was rejected, 2 wrong usage, 3 no result in time.
    """
    flags = {
        "school": school,
        "learner": learner,
        "course": course,
        "actor": actor,
        "activity": activity,
        "whole_course": whole_course,
        "signal": signal,
        "score": score,
        "seconds": seconds,
        "send_completion_email": send_completion_email,
        "effective_at": effective_at,
        "reason": reason,
        "note": note,
        "source": source,
        "id": id_,
        "correlation_id": correlation_id,
        "batch_id": batch_id,
        "structure_version": structure_version,
    }
    if (type_ is None) is (file is None):
        raise typer.BadParameter("give a TYPE with flags, or --file, not both or neither.")
    from services.cli.running import go
    from services.cli.send.sending import exit_code, send_file, send_one

    if file is not None:
        if any(value is not None for value in flags.values()):
            raise typer.BadParameter("with --file, what to send stands in the file alone.")
        kinds = go(settings, send_file(settings, file, timeout, as_json=as_json))
    else:
        kinds = go(settings, send_one(settings, type_ or "", flags, timeout, as_json=as_json))
    code = exit_code(kinds)
    if code:
        raise typer.Exit(code)
