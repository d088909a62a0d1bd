"""Questions that a person answers at the terminal."""

import signal

import typer


def ask(question: str) -> None:
    """Ask on stderr, and go on where the answer is yes.

    A Ctrl-C ends the question at once: the handler of a running loop would wait for an answer.

    Raises:
        Abort: the answer is no, or there is none.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        typer.confirm(question, abort=True, err=True)
    finally:
        signal.signal(signal.SIGINT, before)
