"""``coursemark privacy``: declared here."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli import errors
from services.cli.labels import label
from services.cli.options import Json, with_server
from services.runtime.settings import Settings

app = typer.Typer(help="All that is held of a person, and a person erased (GDPR).")

School = Annotated[str, typer.Argument(help="The school's id.")]
User = Annotated[str, typer.Argument(help="The user's id, as the directory has it.")]
Out = Annotated[
    Path | None, typer.Option(help="A file that only you can read; none: standard output.")
]
Reason = Annotated[
    str, typer.Option(help="Why, such as a request's number; kept for good, no personal data.")
]
Actor = Annotated[
    str | None,
    typer.Option(
        help="The administrator who wants it, recorded; none: whoever runs the command, or the "
        "token's user."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
@with_server
def export(settings: Settings, school: School, user: User, *, out: Out = None) -> None:
    """Give all that is held of a person, as one JSON document."""
    from services.cli.privacy.exporting import export as work
    from services.cli.running import go
    from services.privacy.who import person

    go(settings, work(settings, person(school, user), out))


@app.command()
@with_server
def erase(
    settings: Settings,
    school: School,
    user: User,
    *,
    reason: Reason = "request",
    actor: Actor = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Erase a person: name, address, tags and role; the log keeps ids without a person.

    Says first what there is, and asks. It can be broken off and run again; run twice it changes
    nothing more. Says at the end what is left where, and for how long. An erased id is not used
    again. Exit codes: 0 erased, 1 it has to be run again, 2 nobody is known under the id.
    """
    from services.cli.privacy.erasing import Order
    from services.cli.privacy.erasing import erase as work
    from services.cli.running import go
    from services.privacy.who import person

    order = Order(person(school, user), label(reason, "--reason"), actor, yes=yes, as_json=as_json)
    if not go(settings, work(settings, order)):
        raise typer.Exit(errors.NEGATIVE)


@app.command("list")
@with_server
def list_(settings: Settings, school: School, *, as_json: Json = False) -> None:
    """List a school's erasures: to be run again after a restore."""
    from services.cli.privacy import printing
    from services.cli.privacy.erasing import erased
    from services.cli.running import go

    printing.erasures(go(settings, erased(settings, school)), as_json=as_json)
