"""A platform that sends commands and changes courses and people all the while."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Self

from services.runtime.bus.outbox import Message, Outbox
from services.runtime.patience import patiently
from tests.faults.commands import Commands
from tests.faults.many import prepare
from tests.faults.school import Schools

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Sequence

    from services.runtime.bus.client import Connection
    from tests.faults.many import Sending
    from tests.support.oracle.evidence import Key

LEARNERS, COURSES = 30, 3
CHUNK = 5, 30
"""Commands sent together."""
PAUSE = 0.05, 0.25
"""Seconds between two chunks: some hundred commands a second."""
CHANGES = 0.25
"""How often a chunk is followed by a change of a course or of the directory."""
PATIENCE = 300.0
"""Seconds that the producer waits for a broker that is gone."""


class Platform:
    """Keeps the ids of the commands that Kafka acknowledged; the same seed sends the same."""

    def __init__(self, rng: random.Random, connection: Connection) -> None:
        self._rng = rng
        self._schools = Schools(rng, LEARNERS, COURSES)
        self._commands = Commands(rng, self._schools)
        self._outbox = Outbox(connection)
        self.sent: list[Key] = []

    async def __aenter__(self) -> Self:
        await self._outbox.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._outbox.__aexit__()

    async def begin(self, database: str) -> None:
        """Set what schools set, and send the whole directory and the whole catalog."""
        await prepare(database, self._schools)
        await self._send(self._schools.beginning())

    async def enrol(self) -> None:
        """Enrol most learners in most courses; everybody has to be known."""
        await self.send_these(self._commands.enrolments())

    async def run(self, stop: asyncio.Event) -> None:
        """Send until ``stop`` is set."""
        await self._send(self._schools.restored())
        while not stop.is_set():
            await self.send(self._rng.randint(*CHUNK))
            if self._rng.random() < CHANGES:
                await self.change()
            await asyncio.sleep(self._rng.uniform(*PAUSE))

    async def send(self, count: int) -> None:
        """Send the next commands."""
        await self.send_these(self._commands.draw(count))

    async def send_for_many(self, count: int) -> None:
        """Send the next commands about many learners."""
        await self.send_these(self._commands.draw_for_many(count))

    async def change(self) -> None:
        """Change a course or the directory."""
        await self._send([self._schools.change()])

    async def send_these(self, drawn: Sequence[Sending]) -> None:
        """Send what was drawn before."""
        await self._send([sending.message for sending in drawn])
        self.sent += [(sending.school, sending.id) for sending in drawn if sending.id]

    async def _send(self, messages: Iterable[Message]) -> None:
        listed: Sequence[Message] = list(messages)
        await patiently(partial(self._outbox.send, listed), PATIENCE, "the producer")
