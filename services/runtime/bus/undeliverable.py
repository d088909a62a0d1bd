"""Sending dead letters, whatever their size."""

from collections.abc import Sequence

from services.runtime.bus.client import Connection
from services.runtime.bus.fitting import send_what_fits
from services.runtime.bus.letters import Problem, dead_letter, without_bytes
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.record import Record

DeadRecord = tuple[Record, Problem]


async def bury(outbox: Outbox, connection: Connection, dead: Sequence[DeadRecord]) -> None:
    """Put records on their dead-letter topics; one that Kafka finds too large without its bytes.

    Raises:
        OutboxError: Kafka did not take them.
    """
    letters = [dead_letter(record, problem, connection) for record, problem in dead]
    refused = await send_what_fits(outbox, letters)
    await outbox.send(without_bytes(letters[place]) for place, _ in refused)
