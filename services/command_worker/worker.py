"""The running part: records in; results and dead letters out; offsets last."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from services.command_worker import answers
from services.command_worker.answers import Answer
from services.command_worker.handler import CommandHandler
from services.command_worker.intake import Incoming, Invalid, receive
from services.runtime.bus.client import Connection
from services.runtime.bus.letters import Problem
from services.runtime.bus.outbox import Message, Outbox
from services.runtime.bus.record import Record
from services.runtime.bus.undeliverable import DeadRecord, bury
from services.runtime.patience import OutOfPatienceError, patiently

log = logging.getLogger(__name__)


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
        commands = [(record, got) for record, got in received if isinstance(got, Incoming)]
        given, broken = await self._carry_out(commands)
        dead = [(record, got) for record, got in received if isinstance(got, Problem)] + broken
        results = [_result(got, given) for _, got in received if not isinstance(got, Problem)]
        await self._send([result for result in results if result is not None], dead)

    async def _carry_out(
        self, commands: Sequence[tuple[Record, Incoming]]
    ) -> tuple[dict[int, Answer], list[DeadRecord]]:
        """The answers by the commands' identity, and what could not be handled for a fault of ours.

        A batch that fails is halved until the command that it fails on stands alone.
        """
        if not commands:
            return {}, []
        batch = [incoming for _, incoming in commands]
        try:
            given = await patiently(
                lambda: self._handler.handle(batch), self._patience, "the command worker"
            )
        except OutOfPatienceError:
            raise
        except Exception as error:
            if len(commands) > 1:
                half = len(commands) // 2
                first, first_dead = await self._carry_out(commands[:half])
                second, second_dead = await self._carry_out(commands[half:])
                return first | second, first_dead + second_dead
            log.exception("the command %s cannot be handled", batch[0].command_id)
            return {}, [(commands[0][0], _fault(error))]
        return {id(incoming): answer for incoming, answer in zip(batch, given, strict=True)}, []

    async def _send(self, results: Sequence[Message], dead: Sequence[DeadRecord]) -> None:
        async def send() -> None:
            await self._outbox.send(results)
            await bury(self._outbox, self._connection, dead)

        await patiently(send, self._patience, "the command worker")


def _result(got: Incoming | Invalid, given: dict[int, Answer]) -> Message | None:
    """The record that answers; none where a fault of ours left no answer."""
    if isinstance(got, Invalid):
        return answers.record(got, answers.of(answers.invalid(got, now())))
    answer = given.get(id(got))
    return None if answer is None else answers.record(got, answer)


def _fault(error: Exception) -> Problem:
    return Problem(
        "internal_error",
        f"A fault of Coursemark ({type(error).__name__}); report it, and send the message again "
        "with `coursemark dead retry` when it is mended.",
    )


def now() -> datetime:
    """The time that events are recorded at."""
    return datetime.now(UTC)
