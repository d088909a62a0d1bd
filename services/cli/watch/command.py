"""``coursemark watch``: declared here."""

from typing import Annotated

import typer

from services.cli.options import Json, with_settings
from services.runtime.settings import Settings


@with_settings
def watch(
    settings: Settings,
    *,
    school: Annotated[str | None, typer.Option(help="Of this school alone.")] = None,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Everything that the topic still holds first.")
    ] = False,
    count: Annotated[int | None, typer.Option(min=1, help="End after so many.")] = None,
    as_json: Json = False,
) -> None:
    """Print events of coursemark.events.v1 as they come, one line each, until Ctrl-C."""
    from services.cli.running import go
    from services.cli.watch.watching import Wanted, watch_events

    wanted = Wanted(school=school, from_start=from_start, limit=count)
    go(settings, watch_events(settings, wanted, as_json=as_json))
