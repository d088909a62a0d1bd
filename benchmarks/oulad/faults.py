"""Parts killed and PostgreSQL stopped at random moments while the load runs."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Sequence

import psutil

from services.composition import RUNS

POSTGRES = "PostgreSQL"
EVERY = (0.2, 1.2)
"""Seconds between two faults, drawn evenly."""


class Faults:
    """Kills each part (SIGKILL), and stops PostgreSQL at once (SIGQUIT), ``times`` each."""

    def __init__(self, times: int, seed: int) -> None:
        self._random = random.Random(seed)
        self._plan: list[str] = [*RUNS, POSTGRES] * times
        self._random.shuffle(self._plan)
        self.done: Counter[str] = Counter()

    @property
    def left(self) -> int:
        """How many are still to come."""
        return len(self._plan)

    async def run(self) -> None:
        """One after the other; a victim that is not there at that moment has its turn later."""
        while self._plan:
            await asyncio.sleep(self._random.uniform(*EVERY))
            victim = self._plan.pop()
            if _strike(victim):
                self.done[victim] += 1
            else:
                self._plan.insert(0, victim)


def _strike(victim: str) -> bool:
    children = psutil.Process().children(recursive=True)
    if victim == POSTGRES:
        return _send(signal.SIGQUIT, [c for c in children if _is_postmaster(c)])
    return _send(signal.SIGKILL, [c for c in children if _words(c)[-4:-2] == ["run", victim]])


def _send(sign: signal.Signals, processes: Sequence[psutil.Process]) -> bool:
    for process in processes:
        process.send_signal(sign)
    return bool(processes)


def _is_postmaster(process: psutil.Process) -> bool:
    words = _words(process)
    return bool(words) and words[0].endswith("/postgres") and "-D" in words


def _words(process: psutil.Process) -> list[str]:
    try:
        words: list[str] = process.cmdline()
    except psutil.NoSuchProcess:
        return []
    return words
