"""What became of attempts, of all endpoints together, written in batches."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from services.runtime.patience import patiently
from services.webhooks.queue import Settled

LINGER_SECONDS = 0.01
"""How long a batch waits for company."""
MOST = 2_000
WHAT = "the webhook dispatcher's results"


class _Waiting(NamedTuple):
    settled: Settled
    written: Callable[[Settled], None]


class Results:
    """Takes results from the turns and tells each when its own is durable."""

    def __init__(
        self, settle: Callable[[list[Settled]], Awaitable[None]], patience_seconds: float
    ) -> None:
        self._settle = settle
        self._patience = patience_seconds
        self._waiting: list[_Waiting] = []
        self._some = asyncio.Event()
        self.gave_up = asyncio.Event()
        """Set where nothing is written down any more."""

    def add(self, settled: Settled, written: Callable[[Settled], None]) -> None:
        """Write this soon; ``written`` is called when it is durable."""
        self._waiting.append(_Waiting(settled, written))
        self._some.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Write until ``stop`` is set and nothing waits any more.

        Raises:
            OutOfPatienceError: PostgreSQL stayed away.
        """
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not (stop.is_set() and not self._waiting):
                if not self._waiting:
                    some = asyncio.ensure_future(self._some.wait())
                    await asyncio.wait((some, stopping), return_when=asyncio.FIRST_COMPLETED)
                    some.cancel()
                    continue
                await asyncio.sleep(LINGER_SECONDS)
                await self._write()
        finally:
            stopping.cancel()

    async def _write(self) -> None:
        batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        if not self._waiting:
            self._some.clear()
        rows = [it.settled for it in batch]
        try:
            await patiently(lambda: self._settle(rows), self._patience, WHAT)
        except Exception:
            self.gave_up.set()
            raise
        for it in batch:
            it.written(it.settled)
