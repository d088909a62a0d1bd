"""Waiting for what the parts do, by looking at the database."""

from collections import Counter
from collections.abc import Awaitable, Callable

import asyncpg

from benchmarks.oulad import mapping
from benchmarks.oulad.source import Tables
from projections.registry import PROJECTIONS
from services.runtime.embedded.waiting import until
from services.runtime.patience import patiently
from services.store.cursors import Cursor
from services.store.log import EventLog

LONGEST = 600.0
"""Seconds; more than any of these steps takes on a slow machine."""
VIEWS = tuple(it.name for it in PROJECTIONS)
FEEDS = ("publish-events", "publish-progress")


class Waiting:
    """Looks again and again, bounded; a PostgreSQL that is stopped meanwhile is waited for."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._log = EventLog(pool)

    async def for_reference_data(self, tables: Tables) -> None:
        """Until the directory's tables have every user and the log every course."""
        users = sum(1 for _ in mapping.directory(tables)) - 1
        courses = sum(1 for _ in mapping.catalog(tables))

        async def there() -> bool:
            found = await self._pool.fetchrow(
                "select (select count(*) from users), (select count(*) from stored_events)"
            )
            return (found[0], found[1]) == (users, courses)

        await _until(there, "directory and catalog")

    async def for_views(self) -> None:
        """Until every view has the last event."""
        await self._for(VIEWS)

    async def for_kafka(self) -> None:
        """Until every event, and the latest progress, was acknowledged by Kafka."""
        await self._for(FEEDS)

    async def events(self) -> Counter[str]:
        """How many events of each type the log holds."""
        rows = await self._pool.fetch("select topic, count(*) from stored_events group by topic")
        return Counter({row[0].split(".")[2]: row[1] for row in rows})

    async def _for(self, names: tuple[str, ...]) -> None:
        head = await self._log.head()

        async def reached() -> bool:
            return all([await Cursor(self._pool, name).read() >= head for name in names])

        await _until(reached, ", ".join(names))


async def _until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    met = await until(lambda: patiently(condition, LONGEST, what), within=LONGEST)
    if not met:
        raise TimeoutError(f"{what}: not there after {LONGEST:.0f} s")
