"""An event that nobody can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.store.records import NewEvent

if TYPE_CHECKING:
    from services.store.log import EventLog

POISON = "riverside/u-poison/biology-1@1"


async def append_poison(log: EventLog, topic: str = "coursemark.progress.from_2030.v1") -> None:
    """One of a type that this version does not know, or that is broken."""
    await log.append([NewEvent("riverside/u-poison/biology-1", 1, topic, b'{"secret": "of-2030"')])
