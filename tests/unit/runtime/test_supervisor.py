"""What dies comes back with growing pauses, and not for ever; what stops, stops in reverse.

On real processes: each is a Python that sleeps, or that ends at once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from services.runtime.embedded import ServerError
from services.runtime.embedded.process import ChildProcess
from services.runtime.embedded.waiting import until
from services.runtime.supervisor import GaveUpError, Limits, Supervisor

if TYPE_CHECKING:
    from pathlib import Path

QUICK = Limits(deaths=3, within=60.0, first_pause=0.01, longest_pause=0.04)
SLEEPS = "import time; time.sleep(600)"
ENDS = "import sys; sys.exit(7)"


class Reported:
    """Everything that was said, in order."""

    def __init__(self) -> None:
        self.said: list[tuple[str, ...]] = []
        self.pauses: list[float] = []

    def ready(self, name: str, seconds: float) -> None:
        assert seconds >= 0
        self.said.append(("ready", name))

    def died(self, name: str, how: str, pause: float) -> None:
        self.said.append(("died", name, how))
        self.pauses.append(pause)

    def stopped(self, name: str) -> None:
        self.said.append(("stopped", name))


class Kept:
    """A process with a script of its own; ready at once."""

    def __init__(self, name: str, folder: Path, script: str = SLEEPS) -> None:
        self.name = name
        self.mortal: str | None = None
        self.script = script
        self._child = ChildProcess(name, log=folder / f"{name}.log")

    @property
    def pid(self) -> int:
        assert self._child.pid is not None
        return self._child.pid

    async def start(self) -> None:
        async def at_once() -> bool:
            return True

        await self._child.start([sys.executable, "-c", self.script], ready=at_once, within=30)

    async def stop(self) -> None:
        await self._child.stop(within=30)

    async def ended(self) -> str:
        return f"ended with {await self._child.ended()}"


async def test_a_killed_process_comes_back(tmp_path: Path) -> None:
    reported, stop = Reported(), asyncio.Event()
    supervisor, kept = Supervisor(reported, QUICK), Kept("part", tmp_path)
    await supervisor.start([kept])
    keeping = asyncio.create_task(supervisor.keep(stop))
    first = kept.pid
    os.kill(first, signal.SIGKILL)

    async def back() -> bool:
        return reported.said.count(("ready", "part")) == 2

    assert await until(back, within=30)
    assert kept.pid != first
    stop.set()
    await keeping
    await supervisor.stop()
    assert reported.said == [
        ("ready", "part"),
        ("died", "part", "ended with -9"),
        ("ready", "part"),
        ("stopped", "part"),
    ]


async def test_what_keeps_dying_ends_everything_after_growing_pauses(tmp_path: Path) -> None:
    reported = Reported()
    supervisor, kept = Supervisor(reported, QUICK), Kept("part", tmp_path, ENDS)
    await supervisor.start([kept])
    with pytest.raises(GaveUpError) as refused:
        await supervisor.keep(asyncio.Event())
    await supervisor.stop()
    assert "part died 4 times within 60 s; the last time it ended with 7" in str(refused.value)
    assert reported.pauses == [0.01, 0.02, 0.04]


async def test_what_may_not_come_back_ends_everything_at_once(tmp_path: Path) -> None:
    reported = Reported()
    supervisor, kept = Supervisor(reported, QUICK), Kept("broker", tmp_path, ENDS)
    kept.mortal = "What it held is gone."
    await supervisor.start([kept])
    with pytest.raises(GaveUpError, match=r"broker ended with 7\. What it held is gone\."):
        await supervisor.keep(asyncio.Event())
    await supervisor.stop()
    assert reported.pauses == []


async def test_parts_stop_before_the_servers_under_them(tmp_path: Path) -> None:
    reported = Reported()
    supervisor = Supervisor(reported, QUICK)
    await supervisor.start([Kept("server", tmp_path)])
    await supervisor.start([Kept("part", tmp_path)])
    await supervisor.stop()
    assert reported.said[-2:] == [("stopped", "part"), ("stopped", "server")]


async def test_one_that_does_not_start_is_told_and_the_others_are_stopped(tmp_path: Path) -> None:
    class Absent(Kept):
        async def start(self) -> None:
            raise ServerError("server_missing", "It is not here.", "Install it.")

    reported = Reported()
    supervisor, server = Supervisor(reported, QUICK), Kept("server", tmp_path)
    await supervisor.start([server])
    with pytest.raises(ExceptionGroup) as refused:
        await supervisor.start([Absent("absent", tmp_path)])
    assert refused.group_contains(ServerError, match="Install it")
    await supervisor.stop()
    assert ("stopped", "server") in reported.said
