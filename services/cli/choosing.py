"""The options that choose events of the log, alike in every command that has them."""

from typing import Annotated

import typer

_PANEL = "Which events"
_WHEN = "a day, an instant such as 2024-05-01T09:30:00Z, or a position"

School = Annotated[str | None, typer.Option(help="Of this school alone.", rich_help_panel=_PANEL)]
Course = Annotated[
    str | None, typer.Option(help="Of this course of the school.", rich_help_panel=_PANEL)
]
Types = Annotated[
    list[str] | None,
    typer.Option(
        "--type", help="course_completed, ...; repeat it for more.", rich_help_panel=_PANEL
    ),
]
From = Annotated[
    str | None, typer.Option("--from", help=f"From {_WHEN} on.", rich_help_panel=_PANEL)
]
Until = Annotated[
    str | None,
    typer.Option(help=f"Up to and with {_WHEN}.", rich_help_panel=_PANEL),
]
By = Annotated[
    str,
    typer.Option(help="Days by when it was recorded, or effective.", rich_help_panel=_PANEL),
]
Skip = Annotated[
    list[str] | None,
    typer.Option(
        help="An event that cannot be read, by its id: leave it out.", rich_help_panel=_PANEL
    ),
]
