"""``coursemark import``: declared here."""

from pathlib import Path
from typing import Annotated, Any, ClassVar

import typer
from typer.core import TyperGroup

from services.cli.many.options import (
    Actor,
    DryRun,
    How,
    Note,
    Operation,
    Out,
    Rows,
    School,
    Timeout,
    Wait,
    Yes,
    option,
)
from services.cli.options import Json, with_server
from services.runtime.settings import Settings

_FILE, _WHAT, _PROBLEMS = "How the file is read", "What is done", "Problems"


class _Group(TyperGroup):
    """``coursemark import FILE`` is ``coursemark import file FILE``."""

    help_words: ClassVar[frozenset[str]] = frozenset({"-h", "--help"})

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, *self.help_words}:
            args = ["file", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Group,
    help="Import completions and enrolments from a CSV or XLSX file: `coursemark import FILE`.",
)


@app.command("file")
@with_server
def file(  # noqa: PLR0913 - each is a flag
    settings: Settings,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or XLSX; - for stdin.")],
    *,
    school: School,
    actor: Actor,
    email: Annotated[
        bool | None,
        option(
            _WHAT,
            "Whether completion e-mails go out; no default. Not asked for with --check.",
            "--email/--no-email",
        ),
    ] = None,
    enroll: Annotated[
        bool, option(_WHAT, "Enrol who is not enrolled yet.", "--enroll/--no-enroll")
    ] = False,
    complete: Annotated[
        bool,
        option(_WHAT, "Lines that do not say so complete their whole courses.", "--complete"),
    ] = False,
    create_users: Annotated[
        bool,
        option(_WHAT, "Add whom the school does not have, by e-mail address.", "--create-users"),
    ] = False,
    add_tags: Annotated[
        bool, option(_WHAT, "Add the tags of the file to those that users have.", "--add-tags")
    ] = False,
    reason: Annotated[
        str | None, option(_WHAT, "Of lines without one: migration (the default), tested_out, ...")
    ] = None,
    note: Note = None,
    start_at: Annotated[str | None, option(_WHAT, "Not before: 2024-05-01T22:00:00Z.")] = None,
    dates: Annotated[
        str | None,
        option(_FILE, "How 01/02/2025 is read: dmy, mdy or ymd. ISO dates need no choice."),
    ] = None,
    timezone: Annotated[
        str, option(_FILE, "Of dates without one, such as Europe/Berlin.", "--timezone")
    ] = "UTC",
    delimiter: Annotated[
        str | None, option(_FILE, "Found out from the headings; one character, or tab.")
    ] = None,
    encoding: Annotated[
        str | None, option(_FILE, "UTF-8, or by the file's mark; cp1252, ...")
    ] = None,
    sheet: Annotated[str | None, option(_FILE, "Of a workbook with several.")] = None,
    ignore_columns: Annotated[
        bool, option(_FILE, "Leave out columns that are not known.", "--ignore-columns")
    ] = False,
    check: Annotated[
        bool, option(_PROBLEMS, "Check the file and send nothing.", "--check")
    ] = False,
    problems: Annotated[
        Path | None,
        option(_PROBLEMS, "Every problem into this file: CSV, or JSON lines where it ends in l."),
    ] = None,
    skip_invalid: Annotated[
        bool, option(_PROBLEMS, "Import the other lines all the same.", "--skip-invalid")
    ] = False,
    operation: Operation = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    wait: Wait = True,
    rows: Rows = False,
    out: Out = None,
    timeout: Timeout = 60.0,
    as_json: Json = False,
) -> None:
    """Check a file, say what it would do, and import it as one operation.

    All lines are checked before anything is sent, and every problem is told. Columns: learner,
    email or username; course, courses or learning programs; activity, completed, completed_at,
    enrolled_at, score, reason, note, tags. The order of lines makes no difference, and the same
    file again changes nothing. Exit codes: 0 done, 1 there are problems, or something was refused
    or would be, 2 wrong usage, 3 nothing moves.
    """
    from services.cli.imports.asking import asked
    from services.cli.imports.importing import import_file
    from services.cli.running import go

    how = How(
        operation=operation,
        dry_run=dry_run,
        yes=yes,
        wait=wait,
        rows=rows,
        out=out,
        timeout=timeout,
        as_json=as_json,
    )
    wanted = asked(
        how,
        file=path,
        school=school,
        actor=actor,
        email=email,
        check=check,
        skip_invalid=skip_invalid,
        problems=problems,
        start_at=start_at,
        reading=(encoding, delimiter, sheet),
        zone=timezone,
        dates=dates,
        complete=complete,
        enroll=enroll,
        create_users=create_users,
        add_tags=add_tags,
        ignore_columns=ignore_columns,
        reason=reason,
        note=note,
    )
    code = go(settings, import_file(settings, wanted))
    if code:
        raise typer.Exit(code)


_Xlsx = Annotated[bool, typer.Option("--xlsx", help="A workbook in place of CSV.")]
_Into = Annotated[Path | None, typer.Option("--out", help="The file to write; none: stdout.")]


@app.command("template")
def template(*, xlsx: _Xlsx = False, out: _Into = None) -> None:
    """Write the headings of a file to fill in."""
    from services.cli.imports.writing import write_bytes
    from services.imports import samples

    write_bytes(samples.template(workbook=xlsx), out)


@app.command("example")
def example(*, xlsx: _Xlsx = False, out: _Into = None) -> None:
    """Write a file with a line of each kind."""
    from services.cli.imports.writing import write_bytes
    from services.imports import samples

    write_bytes(samples.example(workbook=xlsx), out)
