"""The command line's one entry."""

import sys

import typer

from services.cli import errors
from services.cli.audit.command import audit
from services.cli.dead.command import app as dead
from services.cli.demo.command import demo
from services.cli.doctor.command import doctor
from services.cli.export.command import app as export
from services.cli.imports.command import app as imports
from services.cli.login.command import login, logout
from services.cli.mail.command import app as mail
from services.cli.many.command import enrol, mark, preview, reset
from services.cli.operations.command import app as operations
from services.cli.policies.command import app as policies
from services.cli.privacy.command import app as privacy
from services.cli.programs.command import programs
from services.cli.projections.command import app as projections
from services.cli.replay.command import replay
from services.cli.reports.command import app as reports
from services.cli.restored.command import after_restore
from services.cli.run import run
from services.cli.schedules.command import app as schedules
from services.cli.search.command import search
from services.cli.send.command import send
from services.cli.settings import settings
from services.cli.show.command import show
from services.cli.tokens.command import app as tokens
from services.cli.undo.command import preview_undo, undo
from services.cli.up.command import up
from services.cli.watch.command import watch
from services.cli.webhooks.command import app as webhooks
from services.cli.where import where

app = typer.Typer(
    name="coursemark",
    help="Learners' progress as events: mark complete, reset, enrol; on Kafka and PostgreSQL.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Every setting: `coursemark settings`. Exit codes: 0 done, 1 a negative answer, 2 wrong "
    "usage, 3 no answer in time, 69 a server is away, 70 a fault of Coursemark, 78 wrong settings.",
)
for command in (
    demo,
    up,
    run,
    send,
    mark,
    reset,
    enrol,
    undo,
    show,
    search,
    programs,
    audit,
    watch,
    replay,
    doctor,
    after_restore,
    settings,
    where,
    login,
    logout,
):
    app.command()(command)
app.command("enroll", hidden=True)(enrol)
preview.command("undo")(preview_undo)
for name, group in (
    ("import", imports),
    ("preview", preview),
    ("operations", operations),
    ("schedules", schedules),
    ("export", export),
    ("projections", projections),
    ("dead", dead),
    ("reports", reports),
    ("mail", mail),
    ("webhooks", webhooks),
    ("tokens", tokens),
    ("policies", policies),
    ("privacy", privacy),
):
    app.add_typer(group, name=name, no_args_is_help=True)


def main() -> None:
    """Run a command; every failure becomes a sentence on stderr and an exit code."""
    try:
        app(prog_name="coursemark")
    except Exception as error:  # noqa: BLE001 - the one place where failures become sentences
        sys.exit(errors.report(error))
