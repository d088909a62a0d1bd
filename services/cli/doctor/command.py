"""``coursemark doctor``: declared here."""

from typing import TYPE_CHECKING

import typer

from services.cli import errors
from services.cli.options import Json, with_settings
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.cli.doctor.finding import Finding

_MARKS = {"ok": "[green]OK  [/]", "warn": "[yellow]WARN[/]", "fail": "[red]FAIL[/]"}


@with_settings
def doctor(settings: Settings, *, as_json: Json = False) -> None:
    """Look whether everything is well, and say what to do where it is not.

    Exit code 0 where nothing fails (a WARN may stand), 1 otherwise.
    """
    from services.cli.doctor.looking import look
    from services.cli.output import write_json
    from services.cli.running import go

    findings = go(settings, look(settings))
    if as_json:
        write_json([it._asdict() for it in findings])
    else:
        _print(findings)
    if any(it.status == "fail" for it in findings):
        raise typer.Exit(errors.NEGATIVE)


def _print(findings: "list[Finding]") -> None:
    from rich.table import Table
    from rich.text import Text

    from services.cli.output import console

    table = Table("", "What", "Found", "What to do", box=None, pad_edge=False)
    for it in findings:
        table.add_row(_MARKS[it.status], it.what, Text(it.detail), Text(it.todo))
    console().print(table)
