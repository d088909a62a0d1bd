"""Questions that a person answers at the terminal."""

import signal
from types import FrameType

import typer

from services.cli.errors import INTERRUPTED


def ask(question: str) -> None:
    """Ask on stderr, and go on where the answer is yes.

    A Ctrl-C ends the question at once: the handler of a running loop would wait for an answer.

    Raises:
        Abort: the answer is no, or there is none.
        Exit: it was ended by Ctrl-C; with the exit code for that.
    """
    interrupted = False

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        typer.confirm(question, abort=True, err=True)
    except typer.Abort:
        if interrupted:
            raise typer.Exit(INTERRUPTED) from None
        raise
    finally:
        signal.signal(signal.SIGINT, before)
