"""Sending dead letters, whatever their size."""

from collections.abc import Sequence

from services.runtime.bus.client import Connection
from services.runtime.bus.letters import Problem, dead_letter, without_bytes
from services.runtime.bus.outbox import Message, Outbox, TooLargeError
from services.runtime.bus.record import Record

DeadRecord = tuple[Record, Problem]
TOGETHER = 100_000
"""Bytes of a letter that is sent among others; a larger one is sent alone."""


async def bury(outbox: Outbox, connection: Connection, dead: Sequence[DeadRecord]) -> None:
    """Put records on their dead-letter topics; one that Kafka finds too large without its bytes.

    Raises:
        OutboxError: Kafka did not take them.
    """
    letters = [dead_letter(record, problem, connection) for record, problem in dead]
    await _send(outbox, [letter for letter in letters if letter.size <= TOGETHER])
    for letter in letters:
        if letter.size > TOGETHER:
            await _send(outbox, [letter])


async def _send(outbox: Outbox, letters: Sequence[Message]) -> None:
    try:
        await outbox.send(letters)
    except TooLargeError:
        for letter in letters:
            await _send_alone(outbox, letter)


async def _send_alone(outbox: Outbox, letter: Message) -> None:
    try:
        await outbox.send([letter])
    except TooLargeError:
        await outbox.send([without_bytes(letter)])
