"""``coursemark schedules``: declared here; ``adding`` has those that add one."""

from typing import Annotated

import typer

from services.cli.many.options import How, Out, Rows, School, Timeout
from services.cli.options import Json, with_server
from services.cli.schedules.adding import app as add
from services.cli.schedules.due import due
from services.cli.schedules.options import Name
from services.runtime.settings import Settings

app = typer.Typer(help="Operations that begin by themselves, once or again and again.")
app.add_typer(add, name="add", no_args_is_help=True)


@app.command("list")
@with_server
def list_(settings: Settings, *, school: School, as_json: Json = False) -> None:
    """List a school's schedules: what each does, for whom, and when it comes next."""
    from services.cli.schedules import printing, working

    printing.listed(working.ask(settings, lambda them: them.all(school)), as_json=as_json)


@app.command()
@with_server
def show(settings: Settings, name: Name, *, school: School, as_json: Json = False) -> None:
    """Show a schedule: what it does, its next slots, and whom it would be for now."""
    from services.cli.schedules import printing, working

    found = working.ask(settings, lambda them: them.look(school, name))
    printing.shown(found, as_json=as_json)


@app.command()
@with_server
def preview(
    settings: Settings,
    name: Name,
    *,
    school: School,
    rows: Rows = False,
    out: Out = None,
    timeout: Timeout = 60.0,
    as_json: Json = False,
) -> None:
    """Say what its next slot would do to whom it finds now, and change nothing.

    Exit codes as of `coursemark preview`.
    """
    from services.cli.running import go
    from services.cli.schedules.previewing import preview as look

    how = How(dry_run=True, rows=rows, out=out, timeout=timeout, as_json=as_json)
    code = go(settings, look(settings, school, name, how))
    if code:
        raise typer.Exit(code)


@app.command("slots")
@with_server
def slots_(
    settings: Settings,
    name: Name,
    *,
    school: School,
    limit: Annotated[int, typer.Option(min=1, help="So many of the newest.")] = 50,
    as_json: Json = False,
) -> None:
    """List what became of each slot: begun, nobody, refused or missed, and why.

    They stay on record when the schedule is removed.
    """
    from services.cli.schedules import printing, working

    found = working.ask(settings, lambda them: them.slots(school, name, limit))
    printing.slots_(found, as_json=as_json)


app.command("due")(due)


@app.command()
@with_server
def remove(settings: Settings, name: Name, *, school: School) -> None:
    """Remove a schedule; operations that it began go on, and its slots stay on record."""
    from services.cli.output import say
    from services.cli.schedules import working

    working.ask(settings, lambda them: them.remove(school, name))
    say(f"{name} is removed. What became of its slots: `schedules slots {name}`.")


def _switch(verb: str, about: str, *, enabled: bool) -> None:
    """``enable`` and ``disable``, alike."""

    @with_server
    def switch(settings: Settings, name: Name, *, school: School, as_json: Json = False) -> None:
        from services.cli.schedules import printing, working

        kept = working.ask(settings, lambda them: them.switch(school, name, enabled=enabled))
        printing.listed([kept], as_json=as_json)

    app.command(verb, help=about)(switch)


_switch("enable", "Let a schedule run again, from its next slot on.", enabled=True)
_switch(
    "disable", "Let a schedule rest; slots that come meanwhile are not caught up.", enabled=False
)
