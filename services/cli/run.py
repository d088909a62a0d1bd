"""``coursemark run PART``: one part in the foreground."""

import asyncio
import logging
import os
from pathlib import Path
from typing import Annotated

import typer

from services.cli import names
from services.cli.options import with_no_server
from services.runtime.settings import Settings

log = logging.getLogger(__name__)


@with_no_server
def run(
    settings: Settings,
    part: Annotated[str, typer.Argument(help=names.PARTS_HELP, autocompletion=names.parts)],
    ready_file: Annotated[
        Path | None,
        typer.Option(help="Written when the part is at work, gone when it has stopped."),
    ] = None,
) -> None:
    """Run one part in the foreground; Ctrl-C or SIGTERM stops it after its batch.

    The log goes to stderr. Exit codes: 0 stopped, 69 a server stayed away, 70 a fault of
    Coursemark, 78 wrong settings.
    """
    import uvloop

    from services.composition import RUNS
    from services.runtime.logs import log_to_stderr
    from services.runtime.priority import give_way

    if part not in RUNS:
        raise typer.BadParameter(f"{part} is none of {', '.join(RUNS)}.", param_hint="PART")
    log_to_stderr(settings.log_level)
    give_way(RUNS[part].gives_way)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run(part, settings, ready_file))
    finally:
        if ready_file is not None:
            ready_file.unlink(missing_ok=True)


async def _run(part: str, settings: Settings, ready_file: Path | None) -> None:
    from services.composition import RUNS
    from services.runtime.signals import stop_at_signals

    def ready() -> None:
        log.info("%s is at work", part)
        if ready_file is not None:
            written = ready_file.with_name(f"{ready_file.name}.{os.getpid()}")
            written.write_text(f"{os.getpid()}\n", encoding="ascii")
            written.replace(ready_file)  # whoever waits for the file finds it whole

    log.info("%s starts", part)
    await RUNS[part](settings, stop_at_signals(), ready)
    log.info("%s has stopped", part)
