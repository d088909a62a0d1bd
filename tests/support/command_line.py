"""The command ``coursemark`` as a process, and all of it running as ``coursemark up`` runs it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from services.runtime.embedded.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

PLAIN = {
    "COURSEMARK_PARTITIONS": "4",
    "COURSEMARK_KAFKA_SESSION_SECONDS": "6",
    "NO_COLOR": "1",
    "COLUMNS": "200",
}
"""Few partitions and short sessions: a group's first join takes half of one."""


def environment(**more: str) -> dict[str, str]:
    """The variables of a command, none of ``COURSEMARK_...`` but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COURSEMARK")}
    return kept | PLAIN | more


def coursemark(
    *words: str, stdin: str | bytes = b"", within: float = 60, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", *words],
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        capture_output=True,
        env=environment(**more),
        timeout=within,
        check=False,
    )
    out, err = (it.decode("utf-8", "replace") for it in (done.stdout, done.stderr))
    assert "Traceback" not in err, err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


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
