"""The options that every command takes, and the settings that come of them."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec

import typer

from services.cli.errors import USAGE, CommandError, WrongSettingsError
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
Server = Annotated[
    str | None,
    typer.Option(
        help="https://... of an API: done there, with the token of COURSEMARK_TOKEN.",
        rich_help_panel=_PANEL,
    ),
]
_Refused = Annotated[str | None, typer.Option(hidden=True)]
Json = Annotated[bool, typer.Option("--json", help="For programs: JSON instead of a table.")]

_STACK = {"kafka": Kafka, "database": Database, "data": Data}


class LocalOnlyError(CommandError):
    """``not_over_http``: the command needs the servers themselves."""

    code = "not_over_http"
    exit_code = USAGE


def with_settings(command: Callable[Concatenate[Settings, P], None]) -> Callable[..., None]:
    """The command with ``--kafka``, ``--database`` and ``--data`` for its first parameter.

    It works on the servers themselves: where an API is meant (``--server``) it refuses.
    """
    return _declared(command, _STACK | {"server": _Refused}, _refuse)


def with_server(command: Callable[Concatenate[Settings, P], None]) -> Callable[..., None]:
    """The same for a command that an API carries out as well: ``--server``."""
    return _declared(command, _STACK | {"server": Server}, lambda _: None)


def with_no_server(command: Callable[Concatenate[Settings, P], None]) -> Callable[..., None]:
    """The same for a command that asks neither: ``COURSEMARK_SERVER`` is nothing to it."""
    return _declared(command, _STACK, lambda _: None)


def _refuse(settings: Settings) -> None:
    if settings.server is not None:
        raise LocalOnlyError(
            "This command works on the servers themselves, and not through an API. Run it where "
            "the database and Kafka are reached, without --server and COURSEMARK_SERVER."
        )


def _declared(
    command: Callable[Concatenate[Settings, P], None],
    options: Mapping[str, Any],
    check: Callable[[Settings], None],
) -> Callable[..., None]:
    _, *own = inspect.signature(command, eval_str=True).parameters.values()
    common = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in options.items()
    ]

    @wraps(command)
    def with_options(**given: Any) -> None:
        settings = read_settings({name: given.pop(name) for name in options})
        check(settings)
        command(settings, **given)  # type: ignore[call-arg]  # typer checked them

    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + common
    with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {p.name: p.annotation for p in parameters}
    del with_options.__wrapped__  # or the signature would be looked for there
    return with_options


def read_settings(chosen: dict[str, Any]) -> Settings:
    """The settings, what was chosen on the command line before all else.

    Whoever names servers on the command line means these, whatever API the environment names.

    Raises:
        WrongSettingsError: a setting is not valid.
        BadParameter: servers and an API are chosen.
    """
    from pydantic import ValidationError

    from contracts.problems import details

    given = {name: value for name, value in chosen.items() if value is not None}
    here = sorted(given.keys() & _STACK.keys())
    if here and "server" in given:
        raise typer.BadParameter(f"goes without --{here[0]}.", param_hint="--server")
    try:
        settings = Settings(**given)
        return settings.model_copy(update={"server": None}) if here else settings
    except ValidationError as error:
        wrong: list[Any] = details(error)
        lines = [f"{PREFIX}{it['field'].upper()} {it['problem']}" for it in wrong]
        raise WrongSettingsError("; ".join(lines) + ".") from error
