"""Asked once, before it acts on more than one learner."""

import sys

import typer

from services.cli.asking import ask
from services.cli.output import say


def may_ask(
    sentence: str, *, yes: bool, look: str = "look with `coursemark preview`, then "
) -> None:
    """Refuse where nobody can be asked, before anything is sent; ``look``: how to see it first.

    Raises:
        UsageError: there is no terminal, and ``yes`` was not given.
    """
    if not yes and not sys.stdin.isatty():
        raise typer.BadParameter(
            f"{sentence} There is no terminal to ask on: {look}repeat it with --yes.",
            param_hint="--yes",
        )


def confirm(sentence: str, *, yes: bool) -> None:
    """Say what will be done, and ask.

    Raises:
        Abort: the answer is no.
    """
    if yes:
        say(sentence)
        return
    ask(f"{sentence} Go on?")
