"""Commands to an API: several at once, those of one learner one after the other."""

import asyncio
from collections.abc import Iterable
from typing import Any

import orjson

from contracts.client import AsyncClient, NoResultError, ProblemError, RejectedError
from contracts.client.calls.commands import WAIT
from contracts.client.retrying import IN_PROGRESS
from contracts.commands import Command
from contracts.operations import OperationCommand
from contracts.results import CommandAccepted, CommandPreviewed, CommandRejected
from services.cli.send import outcomes
from services.cli.send.conversation import Line
from services.cli.send.lines import BadLine
from services.cli.send.outgoing import Outgoing
from services.cli.send.results import Tell

AT_ONCE = 20
_UNAUTHORIZED, _TOO_MANY, _FAULT = 401, 429, 500

Asked = Command | OperationCommand
Result = CommandAccepted | CommandPreviewed | CommandRejected


async def converse(client: AsyncClient, lines: Iterable[Line], seconds: float, tell: Tell) -> None:
    """Ask for all, and tell what became of each; ``seconds``: for which a result is waited for.

    Raises:
        ClientError: the API does not answer, or takes the token no longer.
    """
    free, last = asyncio.Semaphore(AT_ONCE), dict[str, asyncio.Task[None]]()
    async with asyncio.TaskGroup() as group:
        for line in lines:
            if isinstance(line, BadLine):
                tell(outcomes.wrong(line))
                continue
            if line.command is None:
                tell(_only_on_kafka(line))
                continue
            await free.acquire()
            key = _key(line.command)
            asked = group.create_task(
                _carry_out(client, line, line.command, last.get(key), seconds, tell)
            )
            asked.add_done_callback(lambda _: free.release())
            last[key] = asked
            last = {name: task for name, task in last.items() if not task.done()}


async def _carry_out(
    client: AsyncClient,
    line: Outgoing,
    command: Asked,
    before: asyncio.Task[None] | None,
    seconds: float,
    tell: Tell,
) -> None:
    if before is not None:
        await asyncio.wait([before])
    try:
        result = await _result(client, line.id, command, seconds)
    except NoResultError:
        tell(outcomes.unanswered(line, seconds))
    except RejectedError as error:
        tell(_answered(line, error.result))
    except ProblemError as error:
        if error.status in {_UNAUTHORIZED, _TOO_MANY} or error.status >= _FAULT:
            raise
        outcome = outcomes.unanswered(line, seconds)
        if error.code != IN_PROGRESS:
            outcome = outcome._replace(kind="rejected", code=error.code, message=error.detail)
        tell(outcome)
    else:
        tell(_answered(line, result))


async def _result(client: AsyncClient, id_: str, command: Asked, seconds: float) -> Result:
    """The result, waited for again and again as long as there is time."""
    if isinstance(command, Command) and command.dry_run:
        return await client.preview(command, key=id_)
    left = max(1, round(seconds))
    while left > 0:
        wait = min(left, WAIT)
        try:
            return await client.carry_out(command, key=id_, wait=wait)
        except NoResultError:
            left -= wait
    raise NoResultError(id_, round(seconds))


def _answered(line: Outgoing, result: Result) -> outcomes.Outcome:
    told: dict[str, Any] = orjson.loads(result.to_json())
    return outcomes.answered(line, told)


def _only_on_kafka(line: Outgoing) -> outcomes.Outcome:
    message = (
        f"A {line.type} goes over Kafka alone: send it where that is reached, without --server."
    )
    return outcomes.sent(line)._replace(kind="not_sent", message=message)


def _key(command: Asked) -> str:
    """What keeps its order."""
    return command.learner if isinstance(command, Command) else f"/{command.operation}"
