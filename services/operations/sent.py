"""What was sent because of a command or an operation, and stays sent when it is undone (B7)."""

from collections.abc import Iterator
from typing import NamedTuple

import asyncpg
import orjson

from contracts.events import LearningProgramCompleted, Logged
from contracts.topics import PROGRAMS, Stream, event_id
from services.domain.happenings import happenings
from services.operations.sql import query
from services.store.log import EventLog
from services.store.mapper import decode


class Sent(NamedTuple):
    """So many messages; ``whom``: an endpoint's URL, or a learning programme.

    ``way``: webhook, zapier, e-mail, or learning programme, which stays awarded (B12).
    """

    way: str
    whom: str
    trigger: str
    state: str
    number: int


async def of_operation(pool: asyncpg.Pool, school: str, operation: str) -> list[Sent]:
    """All that an operation led to, counted; of this school alone (A3)."""
    rows = await pool.fetch(query("sent_of_operation"), school, operation)
    return [Sent(*row) for row in rows]


async def of_command(pool: asyncpg.Pool, school: str, command_id: str) -> list[Sent]:
    """All that a command led to, by its receipt; nothing where the school has none of that id."""
    log, key = EventLog(pool), (school, command_id)
    receipt = (await log.receipts([key])).get(key)
    result = {} if receipt is None else orjson.loads(receipt.result)
    learner, course = result.get("learner"), result.get("course")
    if learner is None or course is None:
        return []
    own = Stream(school, learner, course)
    events = await _events(log, own, command_id)
    messages = [it.id for id_, event in events for it in happenings(event, id_)]
    ids = [id_ for id_, _ in events]
    rows = await pool.fetch(query("sent_of_command"), school, messages, learner, course, ids)
    return [Sent(*row) for row in rows] + list(_awards(events))


async def _events(log: EventLog, stream: Stream, command_id: str) -> list[tuple[str, Logged]]:
    """The command's events in the course, and programmes that they completed, with their ids."""
    awarded = str(Stream(stream.school, stream.learner, PROGRAMS))
    loaded = await log.load({str(stream): 0, awarded: 0})
    read = [
        (event_id(it.originator_id, it.originator_version), decode(it.topic, it.state))
        for found in loaded.values()
        for it in found
    ]
    return [(id_, it) for id_, it in read if getattr(it, "command_id", None) == command_id]


def _awards(events: list[tuple[str, Logged]]) -> Iterator[Sent]:
    for _, event in events:
        if isinstance(event, LearningProgramCompleted):
            yield Sent(
                "learning programme", event.program, "learning_program_completed", "awarded", 1
            )
