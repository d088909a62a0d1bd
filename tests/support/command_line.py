"""The command ``coursemark``, and all of it running as ``coursemark up`` runs it.

Most tests run commands in their own process, which spares each the start of a Python;
where signals or the process itself matter, `process` starts one.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import pty
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import pytest

from services.cli.main import main
from services.runtime.embedded.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from pathlib import Path

PLAIN = {
    "COURSEMARK_PARTITIONS": "4",
    "COURSEMARK_KAFKA_SESSION_SECONDS": "6",
    "NO_COLOR": "1",
    "COLUMNS": "200",
}
"""Few partitions and short sessions: a group's first join takes half of one."""


def answered(answer: bytes, *words: str, **more: str) -> tuple[int, str]:
    """The exit code of a command on a terminal that says this, and what it said to stderr."""
    leading, following = pty.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "services.cli", *words],
            stdin=following,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(**more),
        ) as asking:
            os.write(leading, answer)
            _, said = asking.communicate(timeout=60)
        return asking.returncode, said.decode()
    finally:
        os.close(leading)
        os.close(following)


def environment(**more: str) -> dict[str, str]:
    """The variables of a command, none of ``COURSEMARK_...`` but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COURSEMARK")}
    return kept | PLAIN | more


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def coursemark(*words: str, stdin: str = "", **more: str) -> Done:
    """Run a command to its end, in this process; not within a running event loop."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    typed = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    with (
        patch.dict(os.environ, environment(**more), clear=True),
        patch.object(sys, "argv", ["coursemark", *words]),
        patch.object(sys, "stdin", typed),
        _logging_restored(),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    code = ended.value.code
    done = Done(code if isinstance(code, int) else 0, *map(_written, (out, err)))
    assert "Traceback" not in done.stderr, done.stderr
    return done


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8", "replace")


@contextmanager
def _logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.handlers[:], root.level = handlers, level


async def process(*words: str, **more: str) -> asyncio.subprocess.Process:
    """Start a command as a process of its own."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(**more),
    )


def json_lines(text: str) -> list[Any]:
    """Every line of the output, read."""
    return [json.loads(line) for line in text.splitlines()]


class Running:
    """A ``coursemark up --json``, and what it has said so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said: list[Mapping[str, Any]] = []

    async def listen(self) -> None:
        """Read what it says until it ends."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.said.append(json.loads(line))

    async def heard(self, happened: str, *, name: str | None = None, times: int = 1) -> None:
        """Wait until it has said so, so many times."""

        async def enough() -> bool:
            found = [it for it in self.said if it["happened"] == happened]
            return len([it for it in found if name in {None, it.get("name")}]) >= times

        async def enough_or_over() -> bool:
            return await enough() or self.process.returncode is not None

        assert await until(enough_or_over, within=90), self.said
        assert await enough(), self.said

    def pid_of(self, part: str, data: Path) -> int:
        """The process id of a part."""
        return int((data / "run" / f"{part}.ready").read_text())


@asynccontextmanager
async def up(data: Path, *words: str, **more: str) -> AsyncIterator[Running]:
    """All of Coursemark in a folder, serving; stopped by Ctrl-C if it still runs then."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", "up", "--json", "--data", str(data), *words),
        stdout=asyncio.subprocess.PIPE,
        env=environment(**more),
    )
    running = Running(process)
    listening = asyncio.create_task(running.listen())
    try:
        await running.heard("serving")
        yield running
    finally:
        if process.returncode is None:
            process.send_signal(2)
        await process.wait()
        await listening
