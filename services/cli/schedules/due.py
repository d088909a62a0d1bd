"""``coursemark schedules due``: who has to renew a completion, and when."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated

import typer

from services.cli.options import Json, with_server
from services.runtime.settings import Settings

USUAL_DAYS = 30
_MOMENT = "a day (its first moment, UTC) or an instant such as 2027-01-31T09:30Z."


@with_server
def due(
    settings: Settings,
    *,
    school: Annotated[str, typer.Option(help="The school.")],
    course: Annotated[str | None, typer.Option(help="In this course alone.")] = None,
    since: Annotated[
        str | None, typer.Option(help=f"Due then or later, or else overdue too: {_MOMENT}")
    ] = None,
    before: Annotated[
        str | None, typer.Option(help=f"Due before; by default in {USUAL_DAYS} days: {_MOMENT}")
    ] = None,
    limit: Annotated[int, typer.Option(help="Lines a page, 1 to 1,000.")] = 50,
    after: Annotated[str | None, typer.Option(help="The cursor that the page before gave.")] = None,
    as_json: Json = False,
) -> None:
    """Show whose completions have to be renewed, the soonest first, as schedules say now."""
    from services.cli.output import write_json
    from services.cli.schedules import due_printing as printing
    from services.cli.schedules import working
    from services.runtime.clock import now
    from services.views.due.asking import due_request

    until = _in_some_days(now()) if before is None else _moment("--before", before)
    asked = due_request(
        until, None if since is None else _moment("--since", since), course, limit, after
    )
    found = working.ask(settings, lambda them: them.due(school, asked))
    if as_json:
        write_json(printing.shaped(found))
    else:
        printing.show(found, asked.before)


def _in_some_days(now: datetime) -> datetime:
    """The end of a day, so that the next page can ask for the same."""
    day = now.astimezone(UTC).date() + timedelta(days=USUAL_DAYS + 1)
    return datetime.combine(day, time(), UTC)


def _moment(option: str, text: str) -> datetime:
    from services.cli.show.moment import moment

    try:
        return moment(text, time.min)
    except ValueError:
        raise typer.BadParameter(_MOMENT, param_hint=option) from None
