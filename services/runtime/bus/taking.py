"""How a part takes a batch: what it cannot handle becomes a dead letter, its neighbours go on."""

from collections.abc import Awaitable, Callable, Sequence

from services.runtime.bus.client import Connection
from services.runtime.bus.halving import by_halves
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.record import Record
from services.runtime.bus.undeliverable import DeadRecord, bury
from services.runtime.patience import patiently

Take = Callable[[Sequence[Record]], Awaitable[list[DeadRecord]]]
"""Handles records, and returns those that are none of its kind."""


class Taking:
    """Of one part; ``what`` names it where it waits for a server."""

    def __init__(
        self, outbox: Outbox, connection: Connection, patience_seconds: float, what: str
    ) -> None:
        self._outbox = outbox
        self._connection = connection
        self._patience = patience_seconds
        self._what = what

    async def take(self, *parts: tuple[Sequence[Record], Take]) -> None:
        """Handle the parts of a batch; when it returns, all that it led to is durable.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away; nothing is to be committed.
            NotOwnerError: the records are another process's by now.
        """
        dead: list[DeadRecord] = []
        for records, take in parts:
            refused, broken = await by_halves(records, take, self._patience, self._what)
            dead += refused + broken
        await patiently(
            lambda: bury(self._outbox, self._connection, dead), self._patience, self._what
        )
