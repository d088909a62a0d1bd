"""``coursemark demo``: declared here."""

import asyncio
import logging

import typer

from services.cli import errors

INTERRUPTED = 130
"""As a shell says it of a program that Ctrl-C ended."""


def demo() -> None:
    """Tell what Coursemark does on a made-up school, rule by rule, by commands on Kafka.

    Starts everything in a temporary folder and leaves nothing behind; no setting is read. Exit
    codes: 0 every rule was shown, 1 one was not, 130 stopped before the end.
    """
    from services.cli.demo.playing import play
    from services.cli.demo.telling import Teller
    from services.runtime.logs import log_to_stderr

    log_to_stderr("CRITICAL")
    logging.captureWarnings(capture=True)
    shown = asyncio.run(play(Teller()))
    if shown is None:
        raise typer.Exit(INTERRUPTED)
    if not shown:
        raise typer.Exit(errors.NEGATIVE)
