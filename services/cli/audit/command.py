"""``coursemark audit``: declared here."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.options import Json, with_server
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.store.audit import Entry, Wanted


@with_server
def audit(  # noqa: PLR0913 - a filter each
    settings: Settings,
    school: Annotated[
        str | None,
        typer.Argument(
            help="The school's id; none: all, and callers of no school; by an API: its own."
        ),
    ] = None,
    *,
    since: Annotated[str | None, typer.Option(help="2024-05-01T09:30:00Z, or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Before that moment.")] = None,
    caller: Annotated[
        str | None, typer.Option(help="A token's id, or an issuer and a subject.")
    ] = None,
    actor: Annotated[str | None, typer.Option(help="A user's id.")] = None,
    operation: Annotated[
        str | None, typer.Option(help="As the API's document names it: mark_complete.")
    ] = None,
    status: Annotated[
        list[int] | None, typer.Option(help="Of the answer; several: repeat it.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Entries, the newest.")] = 50,
    as_json: Json = False,
) -> None:
    """Show who was refused, and who changed what, over HTTP, the newest first."""
    from services.cli.stack.opening import done

    wanted = _wanted(
        school,
        since=since,
        until=until,
        caller=caller,
        actor=actor,
        operation=operation,
        status=status,
    )
    found = done(settings, lambda stack: stack.audit.newest(wanted, limit))
    _print(found, as_json=as_json)


def _wanted(school: str | None, **narrowed: Any) -> "Wanted":
    from pydantic import ValidationError

    from contracts.api.audit import Narrowed
    from contracts.problems import details
    from services.store.audit import Wanted

    try:
        asked = dict(Narrowed(**narrowed))
    except ValidationError as error:
        wrong: Any = details(error)[0]
        option = f"--{wrong['field'].partition('.')[0]}"
        raise typer.BadParameter(f"{wrong['problem']}.", param_hint=option) from None
    return Wanted(school, statuses=asked.pop("status"), **asked)


def _print(entries: "Sequence[Entry]", *, as_json: bool) -> None:
    from rich.text import Text

    from services.cli.output import console, write_json
    from services.cli.tables import plain

    if as_json:
        for it in entries:
            write_json(it._asdict())
        return
    table = plain("At (UTC)", "School", "Caller", "As", "What", ">Status", "Why", ">Times", "From")
    for it in entries:
        ids = " ".join(it.ids.values())
        what = f"{it.operation or it.route or it.method} {ids}".strip()
        row = (f"{it.at:%Y-%m-%d %H:%M:%S}", it.school, it.caller or "", it.actor or "", what)
        why = it.why or it.code or ""
        table.add_row(*map(Text, (*row, str(it.status), why, str(it.times), it.address or "")))
    console().print(table)
