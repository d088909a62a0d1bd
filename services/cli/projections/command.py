"""``coursemark projections``: declared here."""

from typing import Annotated

import typer

from services.cli import errors, names
from services.cli.options import Json, with_settings
from services.runtime.settings import Settings

app = typer.Typer(help="Views and publishing feeds: how far they are, build anew, check, skip.")

Name = Annotated[str, typer.Argument(autocompletion=names.projections)]
At = Annotated[str, typer.Argument(help="Of the event, as the error names it: 12:345.")]
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
    name: Name,
    *,
    yes: Yes = False,
) -> None:
    """Build a view anew beside the old one, which serves until the swap.

    A feed (publish-events, publish-webhooks and the others that list shows) goes back to the first
    event, and sends everything again under the same ids; learning-programs looks at all again.
    """
    from services.cli.output import say
    from services.cli.projections.rebuilding import feeds, publish_again, rebuild_view
    from services.cli.projections.standing import FOLLOWERS
    from services.cli.running import go

    if name not in FOLLOWERS:
        say(go(settings, rebuild_view(settings, name)))
        return
    if name in feeds() and not yes:
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


@app.command()
@with_settings
def skip(
    settings: Settings,
    name: Name,
    position: At,
    *,
    reason: Annotated[str, typer.Option(help="Why; it stays on record.")],
    yes: Yes = False,
) -> None:
    """Let a view or feed pass over the event at which it has stopped, on record.

    Following, rebuilding and checking all pass over it from then on; who runs goes on by itself.
    """
    from services.cli.output import say
    from services.cli.projections import skipping
    from services.cli.running import go

    at = skipping.position(position)
    if not yes:
        typer.confirm(
            f"{name} will be as if the event at {at} had never happened, until the skip is taken "
            "back and it is rebuilt. Go on?",
            abort=True,
        )
    say(go(settings, skipping.skip(settings, name, at, reason)))


@app.command()
@with_settings
def unskip(settings: Settings, name: Name, position: At) -> None:
    """Take a skip back: the next rebuild counts the event."""
    from services.cli.output import say
    from services.cli.projections import skipping
    from services.cli.running import go

    say(go(settings, skipping.unskip(settings, name, skipping.position(position))))


@app.command()
@with_settings
def skipped(settings: Settings, *, as_json: Json = False) -> None:
    """List what was ever skipped: by whom, when, why; and until when, if that was taken back."""
    from services.cli.projections import printing, skipping
    from services.cli.running import go

    found = go(settings, skipping.on_record(settings))
    printing.skips_as_json(found) if as_json else printing.skips_as_table(found)


@app.command()
@with_settings
def retry(settings: Settings, name: Name) -> None:
    """Let a view or feed that has stopped try again, once what stopped it is mended."""
    from services.cli.output import say
    from services.cli.projections import skipping
    from services.cli.running import go

    say(go(settings, skipping.retry(settings, name)))
