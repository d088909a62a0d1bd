"""``coursemark projections``: declared here."""

from typing import Annotated

import typer

from services.cli import errors, names
from services.cli.options import Json, with_settings
from services.runtime.settings import Settings

app = typer.Typer(help="Views and publishing feeds: how far they are, build anew, check.")

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]


@app.command("list")
@with_settings
def list_(settings: Settings, *, as_json: Json = False) -> None:
    """List views and feeds: where they stand, what they have still to do, why one has stopped."""
    from services.cli.projections import printing, standing
    from services.cli.running import go

    found = go(settings, standing.all_of(settings))
    printing.as_json(found) if as_json else printing.as_table(found)


@app.command()
@with_settings
def rebuild(
    settings: Settings,
    name: Annotated[str, typer.Argument(autocompletion=names.projections)],
    *,
    yes: Yes = False,
) -> None:
    """Build a view anew beside the old one, which serves until the swap.

    A feed (publish-events, publish-webhooks and the others that list shows) goes back to the first
    event, and sends everything again under the same ids.
    """
    from services.cli.output import say
    from services.cli.projections.rebuilding import feeds, publish_again, rebuild_view
    from services.cli.running import go

    if name not in feeds():
        say(go(settings, rebuild_view(settings, name)))
        return
    if not yes:
        typer.confirm(
            f"{name} will send everything from the first event on again, under the same ids; "
            "consumers that do not tell repeats by the id will take it twice. Go on?",
            abort=True,
        )
    say(go(settings, publish_again(settings, name)))


@app.command()
@with_settings
def check(
    settings: Settings,
    name: Annotated[
        str | None,
        typer.Argument(help="One view; all by default.", autocompletion=names.views),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Hold views against a fold of the log; exit code 1 where rows differ."""
    from services.cli.projections import printing
    from services.cli.projections.checking import check as check_views
    from services.cli.running import go

    checked = go(settings, check_views(settings, name))
    printing.checked_as_json(checked) if as_json else printing.checked_as_table(checked)
    if any(it.differing for it in checked.values()):
        raise typer.Exit(errors.NEGATIVE)
