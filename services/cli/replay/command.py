"""``coursemark replay``: declared here."""

from typing import Annotated

import typer

from services.cli import choosing, errors
from services.cli.options import Json, with_settings
from services.runtime.settings import Settings


@with_settings
def replay(  # noqa: PLR0913 - each is a flag
    settings: Settings,
    *,
    to: Annotated[str, typer.Option(help="The topic, made if missing; none of Coursemark's.")],
    rate: Annotated[float | None, typer.Option(min=0.1, help="Events a second, at most.")] = None,
    resume: Annotated[
        str | None,
        typer.Option(help="A name; with it again, the replay goes on where it came to."),
    ] = None,
    school: choosing.School = None,
    course: choosing.Course = None,
    type_: choosing.Types = None,
    from_: choosing.From = None,
    until: choosing.Until = None,
    by: choosing.By = "recorded",
    skip: choosing.Skip = None,
    as_json: Json = False,
) -> None:
    """Publish events of the log again, to a topic that you name.

    The messages are those of coursemark.events.v1, with the same ids and keys, each key in its
    order, marked by the header ce_replay. Exit code 130: ended by Ctrl-C before the end.
    """
    from services.cli.chosen import chosen
    from services.cli.replay.printing import as_table, for_program
    from services.cli.replay.sending import Order, send_again
    from services.cli.running import go

    events = chosen(school, course, type_, (from_, until), by)
    order = Order(to, events, rate, resume, frozenset(skip or ()))
    done = go(settings, send_again(settings, order))
    for_program(done) if as_json else as_table(done)
    if not done.told.complete:
        raise typer.Exit(errors.INTERRUPTED)
