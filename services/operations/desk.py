"""Where operations are asked for: parts are admitted, and what goes on is steered (B6).

Each command is one short transaction, with its receipt: the same id gets the same answer for ever,
and of two administrators who ask at the same moment one comes first. Nothing is done here to any
learner.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg

from contracts.operations import FINAL, BeginningCommand, ControlOperation
from services.commands import answers
from services.commands.answers import Answer
from services.commands.incoming import IncomingOperation
from services.domain.decide import in_the_future
from services.domain.decision import Refused
from services.domain.operations import Move, Standing, move
from services.operations import beginning
from services.operations.chunks import CHUNK
from services.operations.permission import refusal
from services.operations.sql import query
from services.store.log import EventLog

TRIES = 5
"""Others may answer the same id, or begin the same operation, at the same moment."""


class Desk:
    """Of one log; ``clock`` tells the time that things are recorded at."""

    def __init__(self, log: EventLog, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._clock = clock

    async def take(self, batch: Sequence[IncomingOperation]) -> list[Answer]:
        """The answer to each command, in order; what comes of it is durable then."""
        return [await self._answer(incoming) for incoming in batch]

    async def _answer(self, incoming: IncomingOperation) -> Answer:
        for remaining in reversed(range(TRIES)):
            try:
                return await self._answer_once(incoming)
            except asyncpg.UniqueViolationError:
                if not remaining:
                    raise
        raise AssertionError(incoming.command_id)

    async def _answer_once(self, incoming: IncomingOperation) -> Answer:
        key = incoming.command.school, incoming.command_id
        given = (await self._log.receipts([key])).get(key)
        if given is not None:
            return answers.repeated(incoming, given)
        now = self._clock()
        async with self._log.pool.acquire() as connection, connection.transaction():
            refused = await self._carry_out(connection, incoming, now)
            result = (
                answers.admitted(incoming, now)
                if refused is None
                else answers.rejected(incoming, refused, now)
            )
            answer = answers.of(result)
            await connection.execute(query("receipt_put"), *key, incoming.fingerprint, answer.body)
        return answer

    async def _carry_out(
        self, connection: asyncpg.Connection, incoming: IncomingOperation, now: datetime
    ) -> Refused | None:
        command = incoming.command
        refused = await refusal(connection, command.school, command.actor)
        if refused is not None:
            return refused
        if isinstance(command, BeginningCommand):
            refused = in_the_future(command.effective_at, now)
            if refused is not None:
                return refused
            return await beginning.begin(connection, incoming.command_id, command, now)
        if isinstance(command, ControlOperation):
            return await _control(connection, command, now)
        raise TypeError(f"nobody handles {type(command).__name__}")


async def _control(
    connection: asyncpg.Connection, command: ControlOperation, now: datetime
) -> Refused | None:
    row = await connection.fetchrow(query("lock"), command.school, command.operation, "{}")
    if row is None:
        return Refused(
            "unknown_operation",
            f"{command.school} has no operation {command.operation}; "
            f"see `coursemark operations list --school {command.school}`.",
        )
    standing = Standing(
        command.operation,
        row["state"],
        row["pause_reason"],
        row["resume_to"],
        row["actor"],
        row["failed"],
    )
    found = move(standing, command.action, command.actor)
    if isinstance(found, Refused):
        return found
    if found.retries:
        await connection.execute(query("retry"), command.school, command.operation, CHUNK)
    await moved(connection, command.school, command.operation, found, now)
    return None


async def moved(
    connection: asyncpg.Connection | asyncpg.Pool,
    school: str,
    operation: str,
    found: Move,
    now: datetime,
    message: str | None = None,
) -> None:
    """Write where an operation has gone."""
    await connection.execute(
        query("move"),
        school,
        operation,
        found.state,
        found.pause_reason,
        found.resume_to,
        found.responsible,
        found.approved_by,
        message,
        now if found.state in FINAL else None,
    )
