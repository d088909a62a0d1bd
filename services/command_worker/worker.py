"""The running part: records in; results and dead letters out; offsets last."""

from collections.abc import Sequence
from datetime import UTC, datetime

from services.command_worker import answers
from services.command_worker.handler import CommandHandler
from services.command_worker.intake import Incoming, Invalid, receive
from services.runtime.bus.client import Connection
from services.runtime.bus.halving import by_halves
from services.runtime.bus.letters import Problem
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.bus.record import Record
from services.runtime.bus.undeliverable import bury
from services.runtime.patience import patiently

WHAT = "the command worker"


class CommandWorker:
    """Handles batches of records of ``coursemark.commands.v1``.

    A record is answered by a result, or stands in the dead-letter topic; whatever is wrong with
    one, its neighbours in the batch are handled.
    """

    def __init__(
        self,
        handler: CommandHandler,
        outbox: Outbox,
        connection: Connection,
        patience_seconds: float,
    ) -> None:
        self._handler = handler
        self._outbox = outbox
        self._connection = connection
        self._patience = patience_seconds

    async def handle(self, records: Sequence[Record]) -> None:
        """Handle a batch; when it returns, all that it led to is durable and acknowledged.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away; nothing is to be committed.
        """
        received = [(record, receive(record)) for record in records]
        unreadable = [(record, got) for record, got in received if isinstance(got, Problem)]
        readable = {id(record): got for record, got in received if not isinstance(got, Problem)}

        async def carry_out(part: Sequence[Record]) -> list[Message]:
            return await self._answer([readable[id(record)] for record in part])

        addressed = [record for record in records if id(record) in readable]
        results, broken = await by_halves(addressed, carry_out, self._patience, WHAT)

        async def send() -> None:
            await self._outbox.send(results)
            await bury(self._outbox, self._connection, [*unreadable, *broken])

        await patiently(send, self._patience, WHAT)

    async def _answer(self, batch: Sequence[Incoming | Invalid]) -> list[Message]:
        """The result of each, in order; those of one key stay in order on Kafka."""
        commands = [got for got in batch if isinstance(got, Incoming)]
        given = iter(await self._handler.handle(commands))
        return [
            answers.record(
                got,
                answers.of(answers.invalid(got, now()))
                if isinstance(got, Invalid)
                else next(given),
            )
            for got in batch
        ]


def now() -> datetime:
    """The time that events are recorded at."""
    return datetime.now(UTC)
