"""A question at the terminal ends with the first Ctrl-C, also while a loop runs."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys

import pytest
import typer

from services.cli.asking import ask
from services.cli.errors import INTERRUPTED


class Interrupted(io.StringIO):
    """A terminal at which somebody presses Ctrl-C; an answer is there all the same."""

    def readline(self, _size: int | None = -1, /) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        return "y\n"


def test_a_ctrl_c_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def asked() -> None:
        handler = signal.getsignal(signal.SIGINT)
        try:
            ask("Erase u-1?")
        finally:
            assert signal.getsignal(signal.SIGINT) is handler  # the loop's own again

    monkeypatch.setattr(sys, "stdin", Interrupted())
    with pytest.raises(typer.Exit) as ended:
        asyncio.run(asked())
    assert ended.value.exit_code == INTERRUPTED


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_no_and_nothing_are_told_apart_from_it(
    answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    with pytest.raises(typer.Abort):
        ask("Erase u-1?")
