"""The running part: records in; results and dead letters out; offsets last."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from services.command_worker.intake import receive
from services.commands import answers
from services.commands.answers import Answer
from services.commands.by_log import Handles
from services.commands.incoming import Incoming, IncomingOperation, Invalid
from services.runtime.bus.client import Connection
from services.runtime.bus.fitting import send_what_fits
from services.runtime.bus.halving import by_halves
from services.runtime.bus.letters import Problem
from services.runtime.bus.outbox import Message, Outbox, TooLargeError
from services.runtime.bus.record import Record
from services.runtime.bus.undeliverable import DeadRecord, bury
from services.runtime.patience import patiently

WHAT = "the command worker"

Outcome = tuple[Record, Message | Problem]
"""A record with its result, or with why it gets none."""


class Takes(Protocol):
    """Admits commands about operations."""

    async def take(self, batch: Sequence[IncomingOperation]) -> list[Answer]:
        """The answer to each command, in order."""


class CommandWorker:
    """Handles batches of records of ``coursemark.commands.v1``.

    A record is answered by a result, or stands in the dead-letter topic; whatever is wrong with
    one, its neighbours in the batch are handled.
    """

    def __init__(
        self,
        handler: Handles,
        desk: Takes,
        outbox: Outbox,
        connection: Connection,
        patience_seconds: float,
    ) -> None:
        self._handler = handler
        self._desk = desk
        self._outbox = outbox
        self._connection = connection
        self._patience = patience_seconds

    async def handle(self, records: Sequence[Record]) -> None:
        """Handle a batch; when it returns, all that it led to is durable and acknowledged.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away; nothing is to be committed.
        """
        outcomes, broken = await by_halves(records, self._carry_out, self._patience, WHAT)
        results = [(record, got) for record, got in outcomes if isinstance(got, Message)]
        dead = [(record, got) for record, got in outcomes if isinstance(got, Problem)]

        async def send() -> None:
            unsent = await self._send(results)
            await bury(self._outbox, self._connection, [*dead, *broken, *unsent])

        await patiently(send, self._patience, WHAT)

    async def _carry_out(self, records: Sequence[Record]) -> list[Outcome]:
        """The result of each, in order; those of one key stay in order on Kafka."""
        received = [(record, receive(record)) for record in records]
        commands = [got for _, got in received if isinstance(got, Incoming)]
        asked = [got for _, got in received if isinstance(got, IncomingOperation)]
        given = iter(await self._handler.handle(commands))
        admitted = iter(await self._desk.take(asked))
        return [(record, _outcome(got, given, admitted)) for record, got in received]

    async def _send(self, results: Sequence[tuple[Record, Message]]) -> list[DeadRecord]:
        """Send results, in order; returns the records whose results Kafka finds too large."""
        refused = await send_what_fits(self._outbox, [result for _, result in results])
        return [(results[place][0], _too_large(results[place][1], why)) for place, why in refused]


def _outcome(
    got: Incoming | IncomingOperation | Invalid | Problem,
    given: Iterator[Answer],
    admitted: Iterator[Answer],
) -> Message | Problem:
    match got:
        case Problem():
            return got
        case Invalid():
            return answers.record(got, answers.of(answers.invalid(got)))
        case Incoming():
            return answers.record(got, next(given))
        case IncomingOperation():
            return answers.record(got, next(admitted))


def _too_large(result: Message, error: TooLargeError) -> Problem:
    size = len(result.value or b"")
    return Problem(
        "result_too_large",
        f"The command was handled, and its result of {size:,} bytes cannot be sent. {error}; "
        "then send the command again with `coursemark dead retry`.",
    )
