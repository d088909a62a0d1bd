"""The events topic, read without a group: watching takes nothing from anybody."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import NamedTuple

from contracts import topics
from services.cli.output import say
from services.cli.running import cluster
from services.cli.watch.printing import for_person, for_program
from services.runtime.bus.client import Connection
from services.runtime.bus.offsets import go_to_end, reader
from services.runtime.bus.record import Record
from services.runtime.settings import Settings
from services.runtime.signals import stop_at_signals

POLL_MS = 200


class Wanted(NamedTuple):
    """Which events, and how many."""

    school: str | None = None
    from_start: bool = False
    limit: int | None = None

    def has(self, record: Record) -> bool:
        """Whether the key is of the school that is watched."""
        if self.school is None:
            return True
        return bool((record.key or b"").split(b"/")[0] == self.school.encode())


async def watch_events(settings: Settings, wanted: Wanted, *, as_json: bool) -> None:
    """Print until Ctrl-C, or until there were enough."""
    stop, printed = stop_at_signals(), 0
    show = for_program if as_json else for_person
    async with aclosing(_records(await cluster(settings), wanted, stop)) as records:
        async for record in records:
            show(record)
            printed += 1
            if printed == wanted.limit:
                return


async def _records(
    connection: Connection, wanted: Wanted, stop: asyncio.Event
) -> AsyncGenerator[Record]:
    consumer = reader(connection, [topics.EVENTS])
    await consumer.start()
    try:
        if not wanted.from_start:
            await go_to_end(consumer)
        say(f"Watching {topics.EVENTS}; Ctrl-C ends it.")
        while not stop.is_set():
            for batch in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                for record in filter(wanted.has, batch):
                    yield record
    finally:
        await consumer.stop()
