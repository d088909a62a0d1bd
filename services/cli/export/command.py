"""``coursemark export``: declared here."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli import choosing, errors
from services.cli.options import Json, with_server, with_settings
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
@with_server
def progress(settings: Settings, out: Out) -> None:
    """Every learner in every course, by school, course and learner.

    By an API of the token's school alone.
    """
    _export(settings, "progress", out)


@app.command()
@with_server
def activities(settings: Settings, out: Out) -> None:
    """Every activity with anything recorded, by school, course, learner and activity.

    By an API of the token's school alone.
    """
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


@app.command()
@with_settings
def xapi(  # noqa: PLR0913 - each is a flag
    settings: Settings,
    school: Annotated[str, typer.Option(help="Of this school.")],
    *,
    out: Annotated[
        Path | None, typer.Option(help="A file of JSON lines, one statement each; - for stdout.")
    ] = None,
    lrs: Annotated[
        str | None, typer.Option(help="A learning record store: what stands before /statements.")
    ] = None,
    home: Annotated[
        str | None, typer.Option(help="http(s)://... that names begin with; else XAPI_HOME.")
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option(help="With --lrs: a name; with it again, the export goes on."),
    ] = None,
    xapi_version: Annotated[str, typer.Option(help="1.0.3 or 2.0.0.")] = "1.0.3",
    batch: Annotated[int, typer.Option(min=1, max=2_000, help="Statements together.")] = 500,
    course: choosing.Course = None,
    type_: choosing.Types = None,
    from_: choosing.From = None,
    until: choosing.Until = None,
    by: choosing.By = "recorded",
    skip: choosing.Skip = None,
    as_json: Json = False,
) -> None:
    """Write xAPI statements with cmi5's verbs into a file, or send them to a learning record store.

    completed, passed, failed, waived, satisfied; under ids that stay the same, so that sending
    again repeats nothing. Credentials: COURSEMARK_LRS_USERNAME and COURSEMARK_LRS_PASSWORD.
    """
    from services.cli.chosen import chosen
    from services.cli.export import printing
    from services.cli.export.xapi import Order, export_xapi
    from services.cli.running import go

    if (out is None) is (lrs is None):
        raise typer.BadParameter("give --out or --lrs, not both or neither.")
    if out is not None and resume is not None:
        raise typer.BadParameter("a file is written whole; --from goes on.", param_hint="--resume")
    events = chosen(school, course, type_, (from_, until), by)
    order = Order(events, out, lrs, home, resume, xapi_version, batch, frozenset(skip or ()))
    done = go(settings, export_xapi(settings, order))
    quiet = str(out) == "-"
    printing.xapi_as_json(done) if as_json and not quiet else printing.xapi(done, quiet=quiet)
    if not done.told.complete:
        raise typer.Exit(errors.INTERRUPTED)


def _export(settings: Settings, what: str, out: Path) -> None:
    from services.cli.export.writing import export
    from services.cli.output import say
    from services.cli.running import go

    rows = go(settings, export(settings, what, out))
    say(f"{rows:,} rows written to {'stdout' if str(out) == '-' else out}.")
