"""``coursemark tokens``: declared here."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import errors
from services.cli.options import Json, with_settings
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.store.tokens import NewToken, Scope, Token

app = typer.Typer(help="Tokens with which others ask over HTTP in a school's name.")

School = Annotated[str, typer.Argument(help="The school's id.")]


@app.command()
@with_settings
def create(
    settings: Settings,
    school: School,
    name: Annotated[str, typer.Argument(help="Whose it is, such as zapier.")],
    *,
    scopes: Annotated[
        list[str],
        typer.Option("--scope", help="What for: commands, manage, read, signals, zapier."),
    ] = ["zapier"],  # noqa: B006 - typer never changes it
    actor: Annotated[
        str | None,
        typer.Option(help="The user in whose name it asks; commands, manage and read need one."),
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3_650, help="None: no end.")] = None,
    as_json: Json = False,
) -> None:
    """Make a token and show it, this one time; only a digest of it is kept."""
    from services.cli.output import say, write_json
    from services.cli.running import go

    wanted = _scopes(scopes)
    made = go(settings, _create(settings, school, name, wanted, days, actor))
    if as_json:
        write_json(made._asdict())
        return
    say(f"{made.id} of {school}; it is not shown again:")
    typer.echo(made.secret)


@app.command("list")
@with_settings
def list_(settings: Settings, school: School, *, as_json: Json = False) -> None:
    """List a school's tokens, without the secrets."""
    from services.cli.running import go

    found = go(settings, _of_school(settings, school))
    _print(found, as_json=as_json)


@app.command()
@with_settings
def revoke(
    settings: Settings,
    school: School,
    token: Annotated[str, typer.Argument(help="Its id, as `list` shows it.")],
) -> None:
    """End a token at once."""
    from services.cli.output import say
    from services.cli.running import go

    if not go(settings, _revoke(settings, school, token)):
        raise errors.CommandError(
            f"{school} has no valid token {token}; see `coursemark tokens list {school}`."
        )
    say(f"{token} of {school} is revoked.")


def _print(found: "list[Token]", *, as_json: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from services.cli.output import console, write_json

    if as_json:
        for it in found:
            write_json(it._asdict())
        return
    table = Table("Token", "Name", "For", "As", "Ends (UTC)", "Last used (UTC)", "", box=None)
    for it in found:
        ends, used = map(_minute, (it.expires_at, it.last_used_at))
        ended = "revoked" if it.revoked_at else ""
        row = (it.id, it.name, ", ".join(it.scopes), it.actor or "", ends, used, ended)
        table.add_row(*map(Text, row))
    console().print(table)


def _minute(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"


async def _create(
    settings: Settings,
    school: str,
    name: str,
    scopes: "Sequence[Scope]",
    days: int | None,
    actor: str | None,
) -> "NewToken":
    from services.cli.running import database
    from services.store.tokens import NoActorError, Tokens

    now = datetime.now(UTC)
    ends = None if days is None else now + timedelta(days=days)
    async with database(settings) as pool:
        try:
            return await Tokens(pool).create(school, name, scopes, now, ends, actor=actor)
        except NoActorError as error:
            raise typer.BadParameter(str(error), param_hint="--actor") from None


async def _of_school(settings: Settings, school: str) -> "list[Token]":
    from services.cli.running import database
    from services.store.tokens import Tokens

    async with database(settings) as pool:
        return await Tokens(pool).of_school(school)


async def _revoke(settings: Settings, school: str, id_: str) -> bool:
    from services.cli.running import database
    from services.store.tokens import Tokens

    async with database(settings) as pool:
        return await Tokens(pool).revoke(school, id_, datetime.now(UTC))


def _scopes(texts: Sequence[str]) -> "list[Scope]":
    from services.store.tokens import SCOPES

    known = [scope for scope in SCOPES if scope in texts]
    if len(known) != len(set(texts)):
        raise typer.BadParameter(f"the scopes are {', '.join(SCOPES)}.", param_hint="--scope")
    return known
