"""Coursemark as ``coursemark up`` runs it, started by the load itself, with its deaths counted."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.cli.up.serving import start
from services.runtime.addresses import Addresses
from services.runtime.settings import Settings
from services.runtime.supervisor import Limits, Supervisor

OFTEN = Limits(deaths=1_000, within=60.0, first_pause=0.2, longest_pause=0.5)
"""Whoever kills on purpose does not want to be told that it happens too often."""


class Deaths:
    """Counts what died; the rest is of no interest here."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    def ready(self, name: str, seconds: float) -> None:
        """Back at work."""

    def died(self, name: str, how: str, pause: float) -> None:  # noqa: ARG002 - inherited
        """One more."""
        self.counted[name] += 1

    def stopped(self, name: str) -> None:
        """As it should."""


@asynccontextmanager
async def running(settings: Settings, deaths: Deaths) -> AsyncIterator[Addresses]:
    """Servers and parts, at work; stopped in good order afterwards."""
    supervisor = Supervisor(deaths, OFTEN)
    stop = asyncio.Event()
    try:
        addresses = await start(settings, supervisor)
        keeping = asyncio.create_task(supervisor.keep(stop))
        try:
            yield addresses
        finally:
            stop.set()
            await keeping
    finally:
        await supervisor.stop()
