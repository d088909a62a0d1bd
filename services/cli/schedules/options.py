"""The options that every ``coursemark schedules add`` has in common."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, Concatenate, ParamSpec

import typer

from services.cli.many.options import Actor, Note, Reason, School, declared, option, parameters
from services.cli.options import Json
from services.runtime.settings import Settings

P = ParamSpec("P")
_WHEN = "When and why"
Name = Annotated[str, typer.Argument(help="The schedule's id, unique within the school.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Which schedule, of whom, when and why, as the options say it."""

    name: str
    school: str
    actor: str
    at: str
    rule: str | None = None
    timezone: str = "UTC"
    reason: str | None = None
    note: str | None = None
    replace: bool = False
    yes: bool = False
    as_json: bool = False


_OPTIONS: Mapping[str, Any] = {
    "name": Name,
    "school": School,
    "actor": Actor,
    "at": Annotated[
        str, option(_WHEN, "The first time, on the clock of the time zone: 2027-01-01T02:00.")
    ],
    "rule": Annotated[
        str | None,
        option(_WHEN, "Again by this rule (RFC 5545), such as FREQ=MONTHLY;BYMONTHDAY=1; or once."),
    ],
    "timezone": Annotated[str, option(_WHEN, "Such as Europe/Athens.")],
    "reason": Reason,
    "note": Note,
    "replace": Annotated[
        bool,
        typer.Option(
            "--replace", help="Change a schedule that is there already; one that is off is on then."
        ),
    ],
    "yes": Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")],
    "as_json": Json,
}


def adding(command: Callable[Concatenate[Settings, When, P], None]) -> Callable[..., None]:
    """The command with these options; its first parameters are the settings and ``When``."""
    first, _, *own = inspect.signature(command, eval_str=True).parameters.values()

    @wraps(command)
    def with_options(settings: Settings, **given: Any) -> None:
        when = When(**{name: given.pop(name) for name in _OPTIONS})
        command(settings, when, **given)  # type: ignore[call-arg]  # typer checked them

    return declared(with_options, [first, *own, *parameters(When, _OPTIONS)])
