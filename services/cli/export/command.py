"""``coursemark export``: declared here."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.options import with_settings
from services.runtime.settings import Settings

app = typer.Typer(help="Write a view as CSV: UTF-8, ISO 8601 in UTC, seconds, empty for none.")

Out = Annotated[Path, typer.Option(help="The file; - for stdout.")]


@app.command()
@with_settings
def progress(settings: Settings, out: Out) -> None:
    """Every learner in every course, by school, course and learner."""
    _export(settings, "progress", out)


@app.command()
@with_settings
def activities(settings: Settings, out: Out) -> None:
    """Every activity with anything recorded, by school, course, learner and activity."""
    _export(settings, "activities", out)


def _export(settings: Settings, what: str, out: Path) -> None:
    from services.cli.export.writing import export
    from services.cli.output import say
    from services.cli.running import go

    rows = go(settings, export(settings, what, out))
    say(f"{rows:,} rows written to {'stdout' if str(out) == '-' else out}.")
