"""What became of an endpoint's messages, and to send them again: declared here."""

from datetime import UTC, datetime
from typing import Annotated, Any, get_args

import typer

from services.cli import errors
from services.cli.options import Json, with_server
from services.cli.webhooks.options import EndpointId, School, asked, one_of
from services.runtime.settings import Settings

_DAY = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]


@with_server
def deliveries(
    settings: Settings,
    school: School,
    endpoint: EndpointId,
    *,
    state: Annotated[str | None, typer.Option(help="pending, delivered or parked alone.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many of the newest.")] = 50,
    as_json: Json = False,
) -> None:
    """List an endpoint's messages, the newest first."""
    from services.cli.webhooks import printing, working
    from services.webhooks.deliveries import State

    one_of([state] if state else [], get_args(State), "--state")
    chosen: Any = state
    found = working.ask(settings, lambda hooks: hooks.deliveries(school, endpoint, chosen, limit))
    printing.as_json(found) if as_json else printing.deliveries(found)


@with_server
def attempts(
    settings: Settings,
    school: School,
    endpoint: EndpointId,
    message: Annotated[str, typer.Argument(help="The message's id, as `deliveries` shows it.")],
    *,
    as_json: Json = False,
) -> None:
    """Show each attempt to deliver a message: when, status, time, the answer's beginning."""
    from services.cli.webhooks import printing, working

    found = working.ask(settings, lambda hooks: hooks.attempts(school, endpoint, message))
    printing.as_json(found) if as_json else printing.attempts(found)


@with_server
def resend(
    settings: Settings,
    school: School,
    endpoint: EndpointId,
    message: Annotated[str | None, typer.Argument(help="This one, in whatever state.")] = None,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="All that are parked.")] = False,
    since: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="What came from then on, UTC.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="What came before then, UTC.")
    ] = None,
    delivered: Annotated[
        bool, typer.Option("--delivered", help="Of a range, also what was delivered.")
    ] = False,
) -> None:
    """Send messages again under the same ids: one, a range of time, or all that are parked.

    Exit code 1 where there was nothing to send.
    """
    from contracts.api.webhooks import Resend
    from services.cli.output import say
    from services.cli.webhooks import working

    in_range = since is not None or until is not None
    if (message is not None) + failed + in_range != 1:
        raise typer.BadParameter("name a message, or give --failed, or --since and --until.")
    if delivered and not in_range:
        raise typer.BadParameter("--delivered goes with --since and --until alone.")
    which = asked(
        Resend,
        message=message,
        failed=failed,
        since=_utc(since),
        until=_utc(until),
        delivered=delivered,
    )
    count = working.ask(settings, lambda hooks: hooks.resend(school, endpoint, which))
    say(f"{count:,} messages are sent again.")
    if not count:
        raise typer.Exit(errors.NEGATIVE)


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)
