"""Building views anew, and publishing again."""

from services.cli.running import bar, database
from services.programs.awarding import Awarding
from services.projector.runtime import Projector
from services.publisher.registry import FEEDS
from services.runtime.settings import Settings
from services.store.cursors import Cursor
from services.store.log import EventLog
from services.store.records import ORIGIN


def feeds() -> set[str]:
    """The names of the publishing projections."""
    return {it.name for it in FEEDS}


async def rebuild_view(settings: Settings, name: str) -> str:
    """Rebuild a view; returns what to say of it.

    Raises:
        ProjectionError: it cannot be built; the old view serves as before.
    """
    async with database(settings) as pool:
        log = EventLog(pool)
        with bar("events", await log.count_after(ORIGIN)) as advance:
            done = 0

            def progressed(events: int) -> None:
                nonlocal done
                advance(events - done)
                done = events

            rebuilt = await Projector(log).rebuild(name, progressed)
    rate = rebuilt.events / rebuilt.seconds if rebuilt.seconds else 0
    return (
        f"{name}: {rebuilt.events:,} events in {rebuilt.seconds:.1f} s, {rate:,.0f} a second; "
        f"the new view serves, up to position {rebuilt.position}."
    )


async def publish_again(settings: Settings, name: str) -> str:
    """Put a feed's cursor before the first event; returns what to say of it."""
    async with database(settings) as pool:
        cursor = Cursor(pool, name)
        await cursor.move(await cursor.read(), ORIGIN)
        events = await EventLog(pool).count_after(ORIGIN)
    if name == Awarding.name:
        return f"{name}: all {events:,} events are looked through again; what was awarded stands."
    return f"{name}: the publisher sends from the first of {events:,} events on again."
