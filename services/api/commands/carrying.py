"""A command on its way: sent on once, foreseen by the command worker's own code."""

import asyncio

from contracts.commands import Command
from contracts.results import CommandPreviewed
from services.api.commands.asked import Asked
from services.api.commands.idempotency import reused
from services.api.standing import Standing
from services.api.web.awaited import LOOK_UP_SECONDS
from services.commands.incoming import Incoming, fingerprint
from services.runtime.bus.placing import record_of
from services.store.records import StoredReceipt

SOURCE = "/coursemark/api"


async def carried(
    standing: Standing, key: tuple[str, str], command: Asked, digest: bytes, wait: int
) -> StoredReceipt | None:
    """The command's receipt, as far as it is there or comes within ``wait`` seconds.

    ``key``: its school and id. It is sent on where there is no receipt yet.

    Raises:
        Problem: 409 or 422 where the id is under way or was another command's, 413, 503.
    """
    given = await standing.receipts.find(key)
    if given is None:
        with standing.underway.answering(key, digest):
            await standing.sender.send(record_of(command, key[1], SOURCE))
            standing.underway.sent(key, digest)
            given = await standing.receipts.wait(key, wait) if wait else None
    if given is not None and given.fingerprint != digest:
        raise reused(key[1])
    return given


async def foreseen(standing: Standing, incoming: Incoming) -> CommandPreviewed:
    """What it would lead to now, decided as the command worker decides, nothing appended (B5)."""
    async with asyncio.timeout(LOOK_UP_SECONDS):
        [previewed] = await standing.handler.preview([incoming])
    return previewed


def incoming_of(standing: Standing, key: str, declared: str, command: Command) -> Incoming:
    """The command as the worker would get it now."""
    digest = fingerprint(declared, command)
    return Incoming(b"", key, declared, command, digest, standing.clock())
