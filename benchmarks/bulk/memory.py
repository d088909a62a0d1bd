"""The parts as processes: how much memory each has taken at the most, and their deaths."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil

from services.composition import RUNS

EVERY = 0.5
"""Seconds between two looks."""


def processes() -> dict[str, psutil.Process]:
    """The parts that run below this process, by name."""
    found: dict[str, psutil.Process] = {}
    for child in psutil.Process().children(recursive=True):
        try:
            words = child.cmdline()
        except psutil.Error:
            continue  # it has just ended
        if "run" in words:
            found |= {name: child for name in RUNS if name in words}
    return found


def kill(part: str) -> None:
    """End it at once, as the system would."""
    os.kill(processes()[part].pid, signal.SIGKILL)


class Peaks:
    """The most that each part was seen to hold, in MiB, and what it held first."""

    def __init__(self) -> None:
        self.also: dict[str, psutil.Process] = {}
        """Processes that are no parts, by name."""
        self.first: dict[str, float] = {}
        self.most: dict[str, float] = {}

    def look(self) -> None:
        for name, process in (processes() | self.also).items():
            try:
                held = process.memory_info().rss / 2**20
            except psutil.Error:
                continue  # it has just ended
            self.first.setdefault(name, held)
            self.most[name] = max(held, self.most.get(name, 0.0))


@asynccontextmanager
async def watched() -> AsyncIterator[Peaks]:
    """Looks until the block ends."""
    peaks = Peaks()

    async def look() -> None:
        while True:
            peaks.look()
            await asyncio.sleep(EVERY)

    task = asyncio.create_task(look())
    try:
        yield peaks
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
