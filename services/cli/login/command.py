"""``coursemark login`` and ``coursemark logout``: declared here."""

import sys

import typer

from services.cli.options import with_server
from services.runtime.settings import Settings


@with_server
def login(settings: Settings) -> None:
    """Keep an API's token in the system's keyring; it is asked for, or read from stdin.

    It is tried first, and not kept where it is not valid.
    """
    from services.cli.login.keeping import whose
    from services.cli.output import say
    from services.cli.running import go
    from services.cli.stack.token import keep

    server, token = _server(settings), _token()
    me = go(settings, whose(server, token))
    keep(server, token)
    say(f"Kept for {server}: a token of {me.school}, in the name of {me.actor or 'nobody'}.")


@with_server
def logout(settings: Settings) -> None:
    """Take an API's token out of the system's keyring; it stays valid until it is revoked."""
    from services.cli.output import say
    from services.cli.stack.token import forget

    server = _server(settings)
    if not forget(server):
        say(f"No token for {server} was kept.")
        return
    say(f"The token for {server} is kept no longer; `coursemark tokens revoke` ends it.")


def _server(settings: Settings) -> str:
    if settings.server is None:
        raise typer.BadParameter("say which: https://... of the API.", param_hint="--server")
    return settings.server


def _token() -> str:
    if sys.stdin.isatty():
        given: str = typer.prompt("Token", hide_input=True, err=True)
    else:
        given = sys.stdin.readline()
    return given.strip()
