"""``coursemark dead``: declared here."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import errors
from services.cli.options import Json, with_settings
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.cli.dead.letters import Letter, Place
    from services.cli.dead.reading import Summary

app = typer.Typer(help="Dead letters, what could not be handled: list, show, send again.")

_PLACE = "A letter as `list` names it: commands@12."


@app.command("list")
@with_settings
def list_(
    settings: Settings,
    *,
    limit: Annotated[int, typer.Option(min=1, help="So many of the newest.")] = 50,
    as_json: Json = False,
) -> None:
    """List dead letters, the newest last."""
    from services.cli.dead import printing
    from services.cli.running import go

    found = go(settings, _summary(settings, limit))
    printing.as_json(found) if as_json else printing.as_table(found)


@app.command()
@with_settings
def show(
    settings: Settings,
    letter: Annotated[str, typer.Argument(help=_PLACE)],
    *,
    whole: Annotated[bool, typer.Option("--whole", help="Not cut to a screen.")] = False,
    raw: Annotated[bool, typer.Option("--raw", help="The body's bytes alone, to stdout.")] = False,
    as_json: Json = False,
) -> None:
    """Show one letter: error, origin, headers, and its bytes as text or in hexadecimal."""
    from services.cli.dead import printing
    from services.cli.running import go

    found = go(settings, _letter(settings, _places([letter])[0]))
    if raw:
        sys.stdout.buffer.write(found.value or b"")
    elif as_json:
        printing.show_json(found)
    else:
        printing.show(found, whole=whole)


@app.command()
@with_settings
def retry(
    settings: Settings,
    letters: Annotated[list[str] | None, typer.Argument(help=f"{_PLACE} All by default.")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Send letters again, as they came, to the topics that they came from.

    What still cannot be handled becomes a new letter; the old ones stay until Kafka lets them go.
    """
    from services.cli.dead.retrying import retry as send_again
    from services.cli.output import say, write_json
    from services.cli.running import go

    places = _places(letters or [])
    if not places and not yes:
        typer.confirm("Send every dead letter again?", abort=True)
    retried = go(settings, send_again(settings, places))
    if as_json:
        write_json({name: list(map(str, found)) for name, found in retried._asdict().items()})
    else:
        say(f"{len(retried.sent):,} sent again.")
        for it in retried.kept:
            say(f"{it} cannot be sent again: it was too large for its bytes to be kept.")
    if retried.kept:
        raise typer.Exit(errors.NEGATIVE)


async def _summary(settings: Settings, limit: int) -> "Summary":
    from services.cli.dead.reading import summary
    from services.cli.running import cluster

    return await summary(await cluster(settings), limit)


async def _letter(settings: Settings, place: "Place") -> "Letter":
    from services.cli.dead.reading import letter_at
    from services.cli.running import cluster

    return await letter_at(await cluster(settings), place)


def _places(texts: list[str]) -> "list[Place]":
    from services.cli.dead.letters import PlaceError, place

    try:
        return [place(text) for text in texts]
    except PlaceError as error:
        raise typer.BadParameter(str(error)) from None
