"""The command line's one entry."""

import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from types import MappingProxyType

import typer
from typer.main import get_group

from services.cli import errors

_PLACES: Mapping[str, str] = MappingProxyType(
    {
        "demo": "demo.command:demo",
        "up": "up.command:up",
        "run": "run:run",
        "send": "send.command:send",
        "mark": "many.command:mark",
        "reset": "many.command:reset",
        "enrol": "many.command:enrol",
        "undo": "undo.command:undo",
        "show": "show.command:show",
        "search": "search.command:search",
        "programs": "programs.command:programs",
        "audit": "audit.command:audit",
        "watch": "watch.command:watch",
        "replay": "replay.command:replay",
        "doctor": "doctor.command:doctor",
        "after-restore": "restored.command:after_restore",
        "settings": "settings:settings",
        "where": "where:where",
        "login": "login.command:login",
        "logout": "login.command:logout",
        "enroll": "many.command:enrol",
        "import": "imports.command:app",
        "preview": "previews:app",
        "operations": "operations.command:app",
        "schedules": "schedules.command:app",
        "export": "export.command:app",
        "projections": "projections.command:app",
        "dead": "dead.command:app",
        "reports": "reports.command:app",
        "mail": "mail.command:app",
        "webhooks": "webhooks.command:app",
        "tokens": "tokens.command:app",
        "policies": "policies.command:app",
        "privacy": "privacy.command:app",
    }
)
"""Where each command, or group of commands, is: its module of this package, and its name there."""
_HIDDEN = {"enroll"}


def app(names: Iterable[str] = _PLACES) -> typer.Typer:
    """The command line with these commands; by default with all of them."""
    made = typer.Typer(
        name="coursemark",
        help="Learners' progress as events: mark complete, reset, enrol; on Kafka and PostgreSQL.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Every setting: `coursemark settings`. Exit codes: 0 done, 1 a negative answer, 2 "
        "wrong usage, 3 no answer in time, 69 a server is away, 70 a fault of Coursemark, 78 wrong "
        "settings.",
    )
    for name in names:
        module, _, attribute = _PLACES[name].partition(":")
        command = getattr(import_module(f"services.cli.{module}"), attribute)
        if isinstance(command, typer.Typer):
            made.add_typer(command, name=name, no_args_is_help=True)
        else:
            made.command(name, hidden=name in _HIDDEN)(command)
    return made


def main() -> None:
    """Run a command; every failure becomes a sentence on stderr and an exit code."""
    try:
        match sys.argv[1:]:
            case [name, *_] if name in _PLACES:  # alone: to build all takes longer than most do
                get_group(app([name]))(prog_name="coursemark")
            case _:
                app()(prog_name="coursemark")
    except Exception as error:  # noqa: BLE001 - the one place where failures become sentences
        sys.exit(errors.report(error))
