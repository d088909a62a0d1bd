"""Sending messages of which a topic may refuse some for their size."""

from collections.abc import Sequence
from itertools import groupby

from services.runtime.bus.outbox import Message, Outbox, TooLargeError

LARGE = 100_000
"""Bytes of a body that is sent alone: its neighbours are not sent twice where it is refused."""

Refused = tuple[int, TooLargeError]
"""A message's place in the sequence, and what Kafka said to it."""


async def send_what_fits(outbox: Outbox, messages: Sequence[Message]) -> list[Refused]:
    """Send messages in order; returns those that Kafka refuses for their size.

    Raises:
        OutboxError: Kafka did not take the others; send all of them again.
    """
    refused: list[Refused] = []
    for large, run in groupby(range(len(messages)), key=lambda n: _is_large(messages[n])):
        places = list(run)
        for part in [[place] for place in places] if large else [places]:
            refused += await _by_halves(outbox, messages, part)
    return refused


async def _by_halves(
    outbox: Outbox, messages: Sequence[Message], places: Sequence[int]
) -> list[Refused]:
    try:
        await outbox.send(messages[place] for place in places)
    except TooLargeError as error:
        if len(places) == 1:
            return [(places[0], error)]
    else:
        return []
    half = len(places) // 2
    first = await _by_halves(outbox, messages, places[:half])
    return first + await _by_halves(outbox, messages, places[half:])


def _is_large(message: Message) -> bool:
    return len(message.value or b"") > LARGE
