"""What was sent because of a command or an operation, and stays sent when it is undone (B7)."""

from typing import NamedTuple

import asyncpg
import orjson

from services.operations.sql import query
from services.store.log import EventLog


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
    rows = await pool.fetch(query("sent"), school, operation, [], None)
    return [Sent(*row) for row in rows]


async def of_command(pool: asyncpg.Pool, school: str, command_id: str) -> list[Sent]:
    """All that a command led to, by its receipt; nothing where the school has none of that id."""
    key = school, command_id
    receipt = (await EventLog(pool).receipts([key])).get(key)
    if receipt is None:
        return []
    events = [it["id"] for it in orjson.loads(receipt.result).get("events", ())]
    rows = await pool.fetch(query("sent"), school, None, events, command_id)
    return [Sent(*row) for row in rows]
