"""``coursemark mail``: declared here."""

from typing import Annotated
from uuid import UUID

import typer

from services.cli import errors
from services.cli.mail.templates import app as templates
from services.cli.options import Json, with_settings
from services.runtime.settings import Settings

app = typer.Typer(help="E-mails: what became of each, send again, suppress, senders, templates.")
app.add_typer(templates, name="template", no_args_is_help=True)

_ID = typer.Argument(metavar="MAIL", help="Its id, as `list` shows it.")
School = Annotated[str, typer.Argument(help="The school's id.")]


def states(incomplete: str) -> list[str]:
    """The states that begin so."""
    from services.mailer.ledger import STATES

    return [state for state in STATES if state.startswith(incomplete)]


@app.command("list")
@with_settings
def list_(
    settings: Settings,
    *,
    school: Annotated[str | None, typer.Option(help="Of this school alone.")] = None,
    state: Annotated[
        str | None,
        typer.Option(
            help="intended, sending, sent, failed, unclear, no_address or suppressed.",
            autocompletion=states,
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="So many of the newest.")] = 50,
    as_json: Json = False,
) -> None:
    """List e-mails, the newest first; no address, subject or text is shown.

    unclear: a mailer died, or the connection broke, between the message and the server's answer.
    It is never sent again by itself.
    """
    from services.cli.mail import printing, working
    from services.cli.running import go
    from services.mailer.ledger import STATES

    if state is not None and state not in STATES:
        raise typer.BadParameter(f"{state} is none of {', '.join(STATES)}.", param_hint="--state")
    found = go(settings, working.mails(settings, school, state, limit))
    printing.as_json(found) if as_json else printing.as_table(found)


@app.command()
@with_settings
def show(settings: Settings, mail: Annotated[UUID, _ID], *, as_json: Json = False) -> None:
    """Show everything that the ledger says of one e-mail."""
    from services.cli.mail import printing, working
    from services.cli.running import go

    found = go(settings, working.mail(settings, mail))
    if found is None:
        raise errors.CommandError(f"There is no e-mail {mail}; see `coursemark mail list`.")
    printing.as_json([found]) if as_json else printing.one(found)


@app.command()
@with_settings
def resend(
    settings: Settings,
    mails: Annotated[list[UUID], _ID],
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
) -> None:
    """Send e-mails again that failed, are unclear, had no address or were suppressed.

    One that is unclear may have arrived already, and arrives twice then. One that was sent is not
    sent again. Exit code 1 where one of them was left as it is.
    """
    from services.cli.mail import working
    from services.cli.output import say
    from services.cli.running import go

    if not yes:
        typer.confirm("One that is unclear may arrive twice. Send again?", abort=True)
    found = go(settings, working.resend(settings, mails))
    for id_, became in found.items():
        say(f"{id_}: {_BECAME[became]}")
    if set(found.values()) != {"again"}:
        raise typer.Exit(errors.NEGATIVE)


_BECAME = {
    "again": "will be sent again.",
    "unknown": "there is no such e-mail.",
    "not_ended": "is sent, or under way; left as it is.",
}


@app.command()
@with_settings
def suppress(
    settings: Settings,
    school: School,
    user: Annotated[str, typer.Argument(help="The user's id.")],
    *,
    lift: Annotated[bool, typer.Option("--lift", help="Write to them again.")] = False,
) -> None:
    """Write to a user of a school no more."""
    from services.cli.mail import working
    from services.cli.output import say
    from services.cli.running import go

    say(go(settings, working.suppress(settings, school, user, lift=lift)))


@app.command()
@with_settings
def unsubscribe(
    settings: Settings,
    token: Annotated[UUID, typer.Argument(help="From the e-mail that asks for it.")],
) -> None:
    """Unsubscribe whoever got an e-mail with this token; mails to unsubscribe carry it."""
    from services.cli.mail import working
    from services.cli.output import say
    from services.cli.running import go

    found = go(settings, working.unsubscribe(settings, token))
    if found is None:
        raise errors.CommandError("No e-mail has this token; copy it whole.")
    say(f"{found[1]} of {found[0]} is written to no more.")


@app.command("from")
@with_settings
def from_(
    settings: Settings,
    school: School,
    address: Annotated[str | None, typer.Argument(help="None: the installation's again.")] = None,
    *,
    name: Annotated[str | None, typer.Option(help="Beside it; the school's by default.")] = None,
) -> None:
    """Set the address that a school's e-mails come from."""
    from services.cli.mail import working
    from services.cli.output import say
    from services.cli.running import go

    say(go(settings, working.sender(settings, school, address, name)))
