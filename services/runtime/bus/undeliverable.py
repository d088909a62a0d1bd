"""Sending dead letters, whatever their size."""

from collections.abc import Sequence

from services.runtime.bus.client import Connection
from services.runtime.bus.letters import Problem, dead_letter, without_bytes
from services.runtime.bus.outbox import Outbox, TooLargeError
from services.runtime.bus.record import Record

DeadRecord = tuple[Record, Problem]


async def bury(outbox: Outbox, connection: Connection, dead: Sequence[DeadRecord]) -> None:
    """Put records on their dead-letter topics; one that Kafka finds too large without its bytes.

    Raises:
        OutboxError: Kafka did not take them.
    """
    for record, problem in dead:
        letter = dead_letter(record, problem, connection)
        try:
            await outbox.send([letter])
        except TooLargeError:
            await outbox.send([without_bytes(letter)])
