"""``coursemark after-restore``: declared here."""

from typing import Annotated

import typer

from services.cli.options import with_settings
from services.runtime.settings import Settings


@with_settings
def after_restore(
    settings: Settings,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
) -> None:
    """Make a log ready that was restored into a new PostgreSQL cluster, before any part starts.

    Positions in the log are ids of the old cluster's transactions; they are given anew, in the
    same order, and the view that shows them is built anew.
    """
    from services.cli.output import say
    from services.cli.restored.working import make_ready
    from services.cli.running import go

    if not yes:
        typer.confirm("Was the database restored, and is no part running? Go on?", abort=True)
    say(go(settings, make_ready(settings)))
