"""Each command to the handler of its school's log: no transaction spans two logs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from services.commands.answers import Answer
from services.commands.incoming import Incoming
from services.store.placement import log_of


class Handles(Protocol):
    """Carries out a batch of commands."""

    async def handle(self, batch: Sequence[Incoming]) -> list[Answer]:
        """The answer to each command, in order; events and receipts are durable then."""


class ByLog:
    """Handlers by the names of their logs, as one handler."""

    def __init__(self, handlers: Mapping[str, Handles]) -> None:
        self._handlers = handlers

    async def handle(self, batch: Sequence[Incoming]) -> list[Answer]:
        """The answer to each command, in the order of the batch."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, incoming in enumerate(batch):
            places[log_of(incoming.command.school)].append(place)
        answers: dict[int, Answer] = {}
        for log, own in places.items():
            given = await self._handlers[log].handle([batch[place] for place in own])
            answers |= zip(own, given, strict=True)
        return [answers[place] for place in range(len(batch))]
