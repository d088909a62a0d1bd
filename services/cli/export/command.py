"""``coursemark export``: declared here."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli import choosing, errors
from services.cli.options import Json, with_settings
from services.runtime.settings import Settings

app = typer.Typer(
    help="Write a view as CSV (UTF-8, ISO 8601 in UTC, seconds, empty for none), the log's events "
    "as Parquet or JSON lines, or xAPI statements."
)

Format = Annotated[
    str, typer.Option("--format", help="parquet or ndjson.", autocompletion=lambda: list(FORMATS))
]
FORMATS = ("parquet", "ndjson")
Since = Annotated[
    str | None,
    typer.Option(help="Behind this position; by default from where the last run came to."),
]
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


@app.command()
@with_settings
def events(  # noqa: PLR0913 - each is a flag
    settings: Settings,
    format_: Format,
    out: Annotated[Path, typer.Option(help="The folder; the next run goes on in it.")],
    *,
    since: Since = None,
    school: choosing.School = None,
    course: choosing.Course = None,
    type_: choosing.Types = None,
    skip: choosing.Skip = None,
    as_json: Json = False,
) -> None:
    """Write the log's events into a folder; run it again for what came since.

    Parquet: a dataset for each version of each type, partitioned by school and month. ndjson: one
    line an event, in files whose names are in order. Exit code 130: ended by Ctrl-C.
    """
    from services.cli.chosen import chosen, position
    from services.cli.export import printing
    from services.cli.export.events import Order, export_events
    from services.cli.running import go

    if format_ not in FORMATS:
        raise typer.BadParameter(f"{' or '.join(FORMATS)}.", param_hint="--format")
    begin = None if since is None else position(since, "--since")
    order = Order(format_, out, chosen(school, course, type_), begin, frozenset(skip or ()))
    done = go(settings, export_events(settings, order))
    printing.events_as_json(done, out) if as_json else printing.events(done, out)
    if not done.told.complete:
        raise typer.Exit(errors.INTERRUPTED)


def _export(settings: Settings, what: str, out: Path) -> None:
    from services.cli.export.writing import export
    from services.cli.output import say
    from services.cli.running import go

    rows = go(settings, export(settings, what, out))
    say(f"{rows:,} rows written to {'stdout' if str(out) == '-' else out}.")
