"""Sending and awaiting: a window of unanswered commands, so that any file fits into memory."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice

from services.cli.send import outcomes
from services.cli.send.lines import BadLine
from services.cli.send.outgoing import Outgoing
from services.cli.send.results import Tell, Waiting, following
from services.runtime.bus.client import Connection
from services.runtime.bus.offsets import GroupOffsets
from services.runtime.bus.outbox import Outbox
from services.runtime.embedded.waiting import until
from services.runtime.topology import PARTS

CHUNK = 1_000
"""Messages sent together."""
AHEAD = 20_000
"""Commands sent and not answered, at the most."""

Line = Outgoing | BadLine


async def converse(
    connection: Connection, lines: Iterable[Line], seconds: float, tell: Tell
) -> None:
    """Send all, and tell what became of each; gives up when for so long no result comes.

    Schools, users and structures are waited for before the commands after them are sent, which
    would otherwise be refused for not knowing them.
    """
    waiting = Waiting(tell)
    async with following(connection, waiting), Outbox(connection) as outbox:
        fresh = False
        for is_command, chunk in _chunks(lines, tell):
            if fresh and is_command:
                await _taken_in(connection, seconds)
            fresh = not is_command
            if not await waiting.fewer_than(AHEAD, seconds):
                break
            for outgoing in chunk:
                waiting.add(outgoing)
            await outbox.send([outgoing.message for outgoing in chunk])
            for outgoing in () if is_command else chunk:
                tell(outcomes.sent(outgoing))
        if fresh:
            await _taken_in(connection, seconds)
        await waiting.fewer_than(1, seconds)
    waiting.give_up(seconds)


def _chunks(lines: Iterable[Line], tell: Tell) -> Iterator[tuple[bool, Sequence[Outgoing]]]:
    """What can be sent, commands apart from the rest; what cannot is told at once."""
    for is_command, run in groupby(_sendable(lines, tell), key=_is_command):
        while chunk := list(islice(run, CHUNK)):
            yield is_command, chunk


def _sendable(lines: Iterable[Line], tell: Tell) -> Iterator[Outgoing]:
    for line in lines:
        if isinstance(line, BadLine):
            tell(outcomes.wrong(line))
        else:
            yield line


def _is_command(outgoing: Outgoing) -> bool:
    return outgoing.command is not None


async def _taken_in(connection: Connection, seconds: float) -> bool:
    """Wait until what was sent to catalog and directory has been handled."""
    part = PARTS["reference-data"]
    async with GroupOffsets(connection, part.group or "", part.consumes) as offsets:
        ends = await offsets.ends()

        async def handled() -> bool:
            found = await offsets.handled()
            return all(found[place] >= end for place, end in ends.items())

        return await until(handled, within=seconds)
