"""The options that every command takes, and the settings that come of them."""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec

import typer

from services.cli.errors import WrongSettingsError
from services.runtime.settings import PREFIX, Settings

P = ParamSpec("P")
_PANEL = "Servers and data (before the environment and .env)"

Kafka = Annotated[
    str | None,
    typer.Option(help='"embedded", "apache", or HOST:PORT of brokers.', rich_help_panel=_PANEL),
]
Database = Annotated[
    str | None,
    typer.Option(help='"embedded", or postgresql://USER@HOST/NAME.', rich_help_panel=_PANEL),
]
Data = Annotated[
    Path | None,
    typer.Option(help="Folder of the embedded servers' data.", rich_help_panel=_PANEL),
]
Json = Annotated[bool, typer.Option("--json", help="For programs: JSON instead of a table.")]

_COMMON = {"kafka": Kafka, "database": Database, "data": Data}


def with_settings(command: Callable[Concatenate[Settings, P], None]) -> Callable[..., None]:
    """The command with ``--kafka``, ``--database`` and ``--data`` for its first parameter."""
    _, *own = inspect.signature(command, eval_str=True).parameters.values()
    common = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in _COMMON.items()
    ]

    @wraps(command)
    def with_options(**given: Any) -> None:
        chosen = {name: given.pop(name) for name in _COMMON}
        command(read_settings(chosen), **given)  # type: ignore[call-arg]  # typer checked them

    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + common
    with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {p.name: p.annotation for p in parameters}
    del with_options.__wrapped__  # or the signature would be looked for there
    return with_options


def read_settings(chosen: dict[str, Any]) -> Settings:
    """The settings, what was chosen on the command line before all else.

    Raises:
        WrongSettingsError: a setting is not valid.
    """
    from pydantic import ValidationError

    from contracts.problems import details

    given = {name: value for name, value in chosen.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong: list[Any] = details(error)
        lines = [f"{PREFIX}{it['field'].upper()} {it['problem']}" for it in wrong]
        raise WrongSettingsError("; ".join(lines) + ".") from error
