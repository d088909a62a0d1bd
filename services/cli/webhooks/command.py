"""``coursemark webhooks``: declared here. Every command is of one school."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args

import typer

from services.cli import errors
from services.cli.options import Json, with_server, with_settings
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from contracts.model import Contract
    from services.webhooks.endpoints import Made

Asked = TypeVar("Asked", bound="Contract")
app = typer.Typer(
    help="Webhook endpoints of a school: who is told what, what became of it, send again."
)

_OPTIONS = {
    "url": "URL",
    "message": "MESSAGE",
    "triggers": "--trigger",
    "courses": "--course",
}
"""Those that are not named as their fields."""
_DAY = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
School = Annotated[str, typer.Argument(help="The school's id.")]
EndpointId = Annotated[str, typer.Argument(metavar="ENDPOINT", help="As `list` shows it.")]
Secret = Annotated[
    str | None,
    typer.Option(
        envvar="WEBHOOK_SECRET", help="whsec_..., where the receiver has made it; one is made else."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]


@app.command()
@with_server
def add(  # noqa: PLR0913 - each is an option of the command line
    settings: Settings,
    school: School,
    url: Annotated[str, typer.Argument(help="https://..., where messages are posted.")],
    *,
    trigger: Annotated[
        list[str] | None, typer.Option(help="These alone, such as course_completed; repeat it.")
    ] = None,
    course: Annotated[list[str] | None, typer.Option(help="These alone; repeat it.")] = None,
    completions: Annotated[
        str, typer.Option(help="all; manual: an administrator's alone; not_manual: no such ones.")
    ] = "all",
    ordered: Annotated[
        bool, typer.Option("--ordered", help="Each learner's messages in order.")
    ] = False,
    concurrency: Annotated[int, typer.Option(min=1, max=100, help="Requests at one time.")] = 16,
    rate: Annotated[
        float | None, typer.Option(min=0.01, help="Requests a second at the most.")
    ] = None,
    description: Annotated[str | None, typer.Option(help="For people.")] = None,
    secret: Secret = None,
) -> None:
    """Add an endpoint; it gets what happens from now on. Its secret is shown once, here."""
    from contracts.api.webhooks import Completions, NewEndpoint
    from services.cli.webhooks import working

    _one_of([completions], get_args(Completions), "--completions")
    asked = _asked(
        NewEndpoint,
        url=url,
        description=description,
        triggers=_triggers(trigger),
        courses=tuple(course) if course else None,
        completions=completions,
        ordered=ordered,
        concurrency=concurrency,
        rate=rate,
        secret=_checked(secret),
    )
    _show_secret(working.ask(settings, lambda hooks: hooks.add(school, asked)))


@app.command("list")
@with_server
def list_(settings: Settings, school: School, *, as_json: Json = False) -> None:
    """List a school's endpoints, Zapier's hooks among them."""
    from services.cli.webhooks import printing, working

    found = working.ask(settings, lambda hooks: hooks.all(school))
    printing.as_json(found) if as_json else printing.endpoints(found)


@app.command()
@with_server
def show(
    settings: Settings, school: School, endpoint: EndpointId, *, as_json: Json = False
) -> None:
    """Show an endpoint, and how many messages it has in each state; never its secret."""
    from services.cli.webhooks import printing, working

    found, counts = working.ask(settings, lambda hooks: hooks.one(school, endpoint))
    printing.as_json([found]) if as_json else printing.endpoint(found, counts)


@app.command()
@with_server
def test(settings: Settings, school: School, endpoint: EndpointId) -> None:
    """Send a test event, whatever the endpoint asks for, and show what was answered."""
    from services.cli.output import say
    from services.cli.webhooks import printing, working

    found = working.ask(settings, lambda hooks: hooks.test(school, endpoint))
    if found is None:
        say("The test event is queued and nobody has sent it yet: does a webhook-dispatcher run?")
        raise typer.Exit(errors.NO_RESULT)
    printing.attempts([found])
    if found.code is not None:
        say(f"It was not taken ({found.code}); it is tried again later.")
        raise typer.Exit(errors.NEGATIVE)


@app.command()
@with_server
def enable(
    settings: Settings,
    school: School,
    endpoint: EndpointId,
    *,
    leave_parked: Annotated[
        bool, typer.Option("--leave-parked", help="Send nothing of what is parked.")
    ] = False,
) -> None:
    """Enable an endpoint; what is parked is sent to it, under the same ids."""
    from services.cli.output import say
    from services.cli.webhooks import working

    count = working.ask(
        settings, lambda hooks: hooks.enable(school, endpoint, leave_parked=leave_parked)
    )
    say(f"{endpoint} is enabled; {count:,} parked messages are sent now.")


@app.command()
@with_server
def disable(settings: Settings, school: School, endpoint: EndpointId) -> None:
    """Disable an endpoint; what waits and what comes is parked until it is enabled."""
    from services.cli.output import say
    from services.cli.webhooks import working

    count = working.ask(settings, lambda hooks: hooks.disable(school, endpoint))
    say(f"{endpoint} is disabled; {count:,} messages are parked.")


@app.command()
@with_server
def remove(settings: Settings, school: School, endpoint: EndpointId, *, yes: Yes = False) -> None:
    """Remove an endpoint with its messages and the log of its attempts."""
    from services.cli.output import say
    from services.cli.webhooks import working

    if not yes:
        typer.confirm("What waits for it is never sent. Remove it?", abort=True)
    working.ask(settings, lambda hooks: hooks.remove(school, endpoint))
    say(f"{endpoint} is removed.")


@app.command()
@with_server
def rotate(
    settings: Settings,
    school: School,
    endpoint: EndpointId,
    *,
    overlap_hours: Annotated[
        float, typer.Option(min=0, max=720, help="So long the old secret signs beside the new.")
    ] = 24,
    secret: Secret = None,
) -> None:
    """Give an endpoint a new secret, shown once, here; the old one signs a while longer."""
    from contracts.api.webhooks import RotateSecret
    from services.cli.webhooks import working

    how = _asked(RotateSecret, overlap_hours=overlap_hours, secret=_checked(secret))
    _show_secret(working.ask(settings, lambda hooks: hooks.rotate(school, endpoint, how)))


@app.command()
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

    _one_of([state] if state else [], get_args(State), "--state")
    chosen: Any = state
    found = working.ask(settings, lambda hooks: hooks.deliveries(school, endpoint, chosen, limit))
    printing.as_json(found) if as_json else printing.deliveries(found)


@app.command()
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


@app.command()
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
    which = _asked(
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


@app.command("settings")
@with_settings
def settings_(
    settings: Settings,
    school: School,
    *,
    allow_private_networks: Annotated[
        bool | None,
        typer.Option(
            "--allow-private-networks/--public-only",
            help="For tests: private and loopback addresses, and http.",
        ),
    ] = None,
) -> None:
    """Show or set what a school's endpoints may be.

    Who may set this can reach what this machine reaches: it is the operator's, not the school's.
    """
    from services.cli.output import say
    from services.cli.webhooks import working

    allowed = working.private_networks(settings, school, allowed=allow_private_networks)
    where = "private networks and http, for tests" if allowed else "public https alone"
    say(f"{school}: {where}.")


def _triggers(names: list[str] | None) -> Any:
    from contracts.webhooks import TYPES

    _one_of(names or [], tuple(TYPES), "--trigger")
    return tuple(names) if names else None


def _one_of(names: list[str], known: tuple[str, ...], option: str) -> None:
    for name in names:
        if name not in known:
            raise typer.BadParameter(f"{name} is none of {', '.join(known)}.", param_hint=option)


def _asked(kind: type[Asked], **given: Any) -> Asked:
    """The message that the options describe.

    Raises:
        BadParameter: one of them is wrong.
    """
    from pydantic import ValidationError

    from services.cli.wrong import wrong

    try:
        return kind(**given)
    except ValidationError as error:
        raise wrong(error, _OPTIONS) from None


def _checked(secret: str | None) -> str | None:
    """A secret that is one; in no message of what else is wrong."""
    from services.webhooks.signing import read_secret

    if secret is not None:
        read_secret(secret)
    return secret


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)


def _show_secret(made: "Made") -> None:
    from services.cli.output import say

    say("Its secret, shown this once; give it to the receiver, which verifies signatures by it.")
    typer.echo(f"endpoint {made.endpoint}\nsecret   {made.secret}")
