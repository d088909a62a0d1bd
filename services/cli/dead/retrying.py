"""Dead letters sent again to the topics that they came from."""

from collections.abc import Sequence
from contextlib import aclosing
from typing import NamedTuple

from services.cli.dead.letters import DEAD, Letter, Place
from services.cli.dead.reading import letter_at, letters
from services.cli.running import cluster
from services.runtime.bus.client import Connection
from services.runtime.bus.outbox import Outbox
from services.runtime.settings import Settings


class Retried(NamedTuple):
    """What was sent again, and what could not be, for want of its bytes."""

    sent: list[Place]
    kept: list[Place]


async def retry(settings: Settings, places: Sequence[Place]) -> Retried:
    """Send these again, or all where none is named.

    Raises:
        NoLetterError: one of them is not there; none was sent then.
    """
    connection = await cluster(settings)
    retried = Retried([], [])
    chosen = [await letter_at(connection, it) for it in places]
    async with Outbox(connection) as outbox:
        if places:
            for letter in chosen:
                await _send(outbox, letter, retried)
        else:
            await _send_all(connection, outbox, retried)
    return retried


async def _send_all(connection: Connection, outbox: Outbox, retried: Retried) -> None:
    async with aclosing(letters(connection, DEAD.values())) as found:
        async for letter in found:
            await _send(outbox, letter, retried)


async def _send(outbox: Outbox, letter: Letter, retried: Retried) -> None:
    """One at a time: each may be as large as a message can be."""
    if letter.is_whole:
        await outbox.send([letter.again()])
        retried.sent.append(letter.place)
    else:
        retried.kept.append(letter.place)
