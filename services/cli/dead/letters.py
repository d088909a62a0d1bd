"""Dead letters, and where they stand."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from contracts import topics
from contracts.envelope import header
from services.cli.errors import CommandError
from services.runtime.bus.letters import MARK
from services.runtime.bus.outbox import Message
from services.runtime.bus.record import Record

_PLACE = re.compile(r"(?P<topic>[^/@\s]+)(?:/(?P<partition>\d+))?@(?P<offset>\d+)")

DEAD = {topic.split(".")[1]: topics.dead(topic) for topic in topics.CONSUMED}
"""The dead-letter topics by their short names: commands, catalog, directory."""


class PlaceError(ValueError):
    """The text is no place of a dead letter; it says what a place looks like."""


class NoLetterError(CommandError):
    """``no_dead_letter``: nothing stands at that place."""

    code = "no_dead_letter"


class Place(NamedTuple):
    """A dead letter's topic (without a prefix), partition and offset."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        """As short as it is told apart: ``commands@12``."""
        names = {topic: short for short, topic in DEAD.items()}
        partition = f"/{self.partition}" if self.partition else ""
        return f"{names[self.topic]}{partition}@{self.offset}"


def place(text: str) -> Place:
    """Read ``commands@12``, ``coursemark.commands.dead.v1@12`` or ``commands/3@12``.

    Raises:
        PlaceError: it is none of these.
    """
    found = _PLACE.fullmatch(text)
    named = {**DEAD, **{it: it for it in DEAD.values()}}
    if found is None or found["topic"] not in named:
        raise PlaceError(
            f"{text[:100]} is no dead letter; write {', '.join(f'{it}@OFFSET' for it in DEAD)}."
        )
    return Place(named[found["topic"]], int(found["partition"] or 0), int(found["offset"]))


class Letter(NamedTuple):
    """What could not be handled; ``at`` in milliseconds since 1970, ``size`` in bytes."""

    place: Place
    at: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]

    def mark(self, name: str) -> str:
        """What Coursemark wrote about it: error_code, error, topic, partition, offset."""
        return (header(self.headers, MARK + name) or b"").decode("utf-8", "replace")

    @property
    def origin(self) -> str:
        """Where it came from."""
        return f"{self.mark('topic')}/{self.mark('partition')}@{self.mark('offset')}"

    @property
    def own_headers(self) -> list[tuple[str, bytes]]:
        """The headers that the record came with."""
        return [(name, raw or b"") for name, raw in self.headers if not name.startswith(MARK)]

    @property
    def size(self) -> int:
        """Bytes of the body, kept or not."""
        return int(self.mark("dropped_bytes") or len(self.value or b""))

    @property
    def is_whole(self) -> bool:
        """False where the body was too large to be kept."""
        return not self.mark("dropped_bytes")

    def again(self) -> Message:
        """The record as it came, for the topic that it came from."""
        return Message(self.mark("topic"), self.key, self.value, self.own_headers)


def letter(record: Record, prefix: str) -> Letter:
    """The letter that a record of a dead-letter topic is."""
    at = Place(record.topic.removeprefix(prefix), record.partition, record.offset)
    return Letter(at, record.timestamp, record.key, record.value, list(record.headers))
