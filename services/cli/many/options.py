"""The options that mark, reset and enrol have in common: for whom, and how."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, cast

import typer

from services.cli.options import Json, with_server
from services.runtime.settings import Settings

P = ParamSpec("P")
_WHOM, _WHY, _HOW = "For whom", "When and why", "How"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """For whom, by whom and why, as the options say it; their ids are not looked at yet."""

    school: str
    actor: str
    learner: list[str] | None = None
    learners: Path | None = None
    search: str | None = None
    skip_unknown: bool = False
    reason: str | None = None
    note: str | None = None
    effective_at: str | None = None
    start_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How it is gone about; ``timeout`` in seconds without any progress."""

    operation: str | None = None
    dry_run: bool = False
    preview: bool = True
    yes: bool = False
    wait: bool = True
    rows: bool = False
    out: Path | None = None
    timeout: float = 60.0
    as_json: bool = False


def option(panel: str, text: str, *names: str) -> Any:
    """An option in a panel of the help."""
    return typer.Option(*names, help=text, rich_help_panel=panel)


School = Annotated[str, option(_WHOM, "The school.")]
Actor = Annotated[str, option(_WHOM, "The administrator who asks.")]
Reason = Annotated[
    str | None,
    option(
        _WHY,
        "administrative (the default), tested_out, equivalent_activity, "
        "equivalent_outside_activity or migration.",
    ),
]
Note = Annotated[str | None, option(_WHY, "For the log; no personal data.")]
Timeout = Annotated[
    float,
    typer.Option(min=0.1, help="Seconds without any progress before giving up.", show_default=True),
]
Yes = Annotated[bool, option(_HOW, "Ask nothing.", "--yes", "-y")]
DryRun = Annotated[bool, option(_HOW, "Say what would happen, change nothing.", "--dry-run")]
Operation = Annotated[
    str | None,
    option(_HOW, "An id of your own for the operation: sent again, it does nothing twice."),
]
NoPreview = Annotated[
    bool, option(_HOW, "Look at a preview before asking.", "--preview/--no-preview")
]
Wait = Annotated[bool, option(_HOW, "Watch the operation to its end.", "--wait/--no-wait")]
Rows = Annotated[bool, option(_HOW, "Each row in a table.", "--rows")]
Out = Annotated[Path | None, option(_HOW, "Each row into this CSV file.")]

_WHOM_OPTIONS: Mapping[str, Any] = {
    "school": School,
    "actor": Actor,
    "learner": Annotated[
        list[str] | None, option(_WHOM, "An id or e-mail address; repeat it for more.")
    ],
    "learners": Annotated[
        Path | None,
        option(_WHOM, "A file: one id or e-mail address a line, or a CSV's first column; - stdin."),
    ],
    "search": Annotated[str | None, option(_WHOM, "Whom this saved search finds.")],
    "skip_unknown": Annotated[
        bool, option(_WHOM, "Leave out whom the school does not have.", "--skip-unknown")
    ],
    "reason": Reason,
    "note": Note,
    "effective_at": Annotated[
        str | None, option(_WHY, "When it was achieved: 2024-05-01T09:30:00Z.")
    ],
    "start_at": Annotated[str | None, option(_WHY, "Not before: 2024-05-01T22:00:00Z.")],
}
ACTING: Mapping[str, Any] = {
    "operation": Operation,
    "dry_run": DryRun,
    "preview": NoPreview,
    "yes": Yes,
    "wait": Wait,
    "timeout": Timeout,
    "as_json": Json,
}
PREVIEWING: Mapping[str, Any] = {"rows": Rows, "out": Out, "timeout": Timeout, "as_json": Json}


def acting(
    how: Mapping[str, Any], *, dry_run: bool | None = None
) -> Callable[[Callable[Concatenate[Settings, Whom, How, P], None]], Callable[..., None]]:
    """The command with the options of whom, and with those of ``how`` it is gone about.

    Its first parameters are settings, whom and how; the others are its own options. ``dry_run``
    is fixed where no option asks for it.
    """
    fixed: dict[str, Any] = {} if dry_run is None else {"dry_run": dry_run}

    def decorated(
        command: Callable[Concatenate[Settings, Whom, How, P], None],
    ) -> Callable[..., None]:
        first, _, _, *own = inspect.signature(command, eval_str=True).parameters.values()

        @wraps(command)
        def with_options(settings: Settings, **given: Any) -> None:
            whom = Whom(**{name: given.pop(name) for name in _WHOM_OPTIONS})
            chosen = How(**fixed, **{name: given.pop(name) for name in how})
            command(settings, whom, chosen, **given)  # type: ignore[call-arg]  # typer checked them

        return declared(
            with_options,
            [first, *own, *parameters(Whom, _WHOM_OPTIONS), *parameters(How, how)],
        )

    return decorated


def declared(
    with_options: Callable[..., None], known: Sequence[inspect.Parameter]
) -> Callable[..., None]:
    """The command as typer reads it: with these parameters, under its own name."""
    with_options.__signature__ = inspect.Signature(known)  # type: ignore[attr-defined]
    with_options.__name__ = with_options.__name__.removeprefix("_")
    del with_options.__wrapped__  # type: ignore[attr-defined]
    return with_server(cast("Callable[Concatenate[Settings, ...], None]", with_options))


def parameters(holder: type, options: Mapping[str, Any]) -> list[inspect.Parameter]:
    """Options as keyword parameters, with the holder's own defaults; without one it is required."""
    defaults = {it.name: it.default for it in fields(holder)}
    return [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=annotation,
            default=inspect.Parameter.empty if defaults[name] is MISSING else defaults[name],
        )
        for name, annotation in options.items()
    ]
