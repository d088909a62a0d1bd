"""``coursemark webhooks``: declared here; ``messages`` has what became of them."""

from typing import TYPE_CHECKING, Annotated, get_args

import typer

from services.cli import errors
from services.cli.options import Json, with_server, with_settings
from services.cli.webhooks.messages import attempts, deliveries, resend
from services.cli.webhooks.options import (
    EndpointId,
    School,
    Secret,
    Yes,
    asked,
    checked,
    one_of,
    triggers_of,
)
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from services.cli.stack.webhooks.port import Webhooks
    from services.webhooks.endpoints import Made

app = typer.Typer(
    help="Webhook endpoints of a school: who is told what, what became of it, send again."
)


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

    one_of([completions], get_args(Completions), "--completions")
    wanted = asked(
        NewEndpoint,
        url=url,
        description=description,
        triggers=triggers_of(trigger),
        courses=tuple(course) if course else None,
        completions=completions,
        ordered=ordered,
        concurrency=concurrency,
        rate=rate,
        secret=checked(secret),
    )
    _show_secret(settings, lambda hooks: hooks.add(school, wanted))


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
    from services.cli.many.asking import confirm, may_ask
    from services.cli.output import say
    from services.cli.webhooks import working

    what = f"Remove {endpoint} of {school}; what waits for it is never sent."
    may_ask(what, yes=yes, look="")
    confirm(what, yes=yes)
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

    how = asked(RotateSecret, overlap_hours=overlap_hours, secret=checked(secret))
    _show_secret(settings, lambda hooks: hooks.rotate(school, endpoint, how))


for _command in (deliveries, attempts, resend):
    app.command()(_command)


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


def _show_secret(settings: Settings, work: "Callable[[Webhooks], Awaitable[Made]]") -> None:
    """The one that is made; also where no answer says so."""
    from services.cli.output import say
    from services.cli.stack.webhooks.port import MayBeMadeError
    from services.cli.webhooks import working

    try:
        made = working.ask(settings, work)
    except MayBeMadeError as error:
        if error.endpoint is not None:
            typer.echo(f"endpoint {error.endpoint}")
        typer.echo(f"secret   {error.secret}")
        raise
    say("Its secret, shown this once; give it to the receiver, which verifies signatures by it.")
    typer.echo(f"endpoint {made.endpoint}\nsecret   {made.secret}")
