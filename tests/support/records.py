"""Records as a consumer hands them over, made without a broker."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.runtime.bus.outbox import Message


class Received(NamedTuple):
    """A record of partition 3, at offset 14 unless a test says otherwise."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]] = ()
    partition: int = 3
    offset: int = 14
    timestamp: int = 1_714_555_800_123


def received(message: Message, *, offset: int = 14) -> Received:
    """The record that a message becomes on its topic."""
    topic, key, value, headers = message
    return Received(topic, key, value, tuple(headers), offset=offset)
