"""``coursemark policies``: declared here."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.options import Json, with_server
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.cli.policies.changes import Changes
    from services.domain.policy import Policy

app = typer.Typer(help="How far back commands may lie, their reasons, notes, four eyes: by school.")

School = Annotated[str, typer.Argument(help="The school's id.")]
_DAYS = "a number of days, or none for no limit."


@app.command()
@with_server
def show(settings: Settings, school: School, *, as_json: Json = False) -> None:
    """Show a school's policy."""
    from services.cli.policies import printing
    from services.cli.running import go

    printing.show(go(settings, _change(settings, school, {})), as_json=as_json)


@app.command("set")
@with_server
def set_(
    settings: Settings,
    school: School,
    *,
    max_backdating_days: Annotated[
        str | None, typer.Option(help=f"How far back a mark or a reset may lie: {_DAYS}")
    ] = None,
    max_import_backdating_days: Annotated[
        str | None, typer.Option(help=f"How far back an imported completion may lie: {_DAYS}")
    ] = None,
    reasons: Annotated[
        list[str] | None,
        typer.Option("--reason", help="A reason that may be given; several: repeat it; any: all."),
    ] = None,
    note_required: Annotated[
        bool | None,
        typer.Option("--note-required/--no-note-required", help="Whether every command needs one."),
    ] = None,
    four_eyes_above: Annotated[
        str | None,
        typer.Option(
            help="Operations that complete more learners wait for a second administrator: "
            "a number of learners, or none."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Change what is given of a school's policy; the rest stays, and the result is shown."""
    from services.cli.policies import printing
    from services.cli.policies.changes import Changes, limit, reasons_of
    from services.cli.running import go

    changes: Changes = {}
    for name, text in (
        ("max_backdating_days", max_backdating_days),
        ("max_import_backdating_days", max_import_backdating_days),
        ("four_eyes_above", four_eyes_above),
    ):
        if text is not None:
            changes[name] = limit(name, text)
    if reasons:
        changes["reasons"] = reasons_of(reasons)
    if note_required is not None:
        changes["note_required"] = note_required
    printing.show(go(settings, _change(settings, school, changes)), as_json=as_json)


async def _change(settings: Settings, school: str, changes: "Changes") -> "Policy":
    from services.cli.stack.opening import opened

    async with opened(settings) as stack:
        policy = (await stack.policies.read(school))._replace(**changes)
        if changes:
            await stack.policies.put(school, policy)
        return policy
