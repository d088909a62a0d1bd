"""A view made ready to be followed."""

from typing import Any

from projections.definition import Projection
from services.projector.follower import Limits
from services.projector.rebuild import Rebuild, alone, ensure
from services.store.log import EventLog
from services.store.records import ORIGIN


async def prepare(log: EventLog, projection: Projection[Any], limits: Limits) -> None:
    """Make the view, and build it anew where its version is old or it has all still to do.

    Raises:
        RebuildRunningError: somebody else is at it.
        ProjectionError: it cannot be built; the old view is as it was.
    """
    if await is_to_be_built(log, projection, limits):
        async with alone(log.pool, projection.name) as connection:
            # Whoever held the lock until now may have done it.
            if await is_to_be_built(log, projection, limits):
                await Rebuild(log, projection, limits).run(connection)


async def is_to_be_built(log: EventLog, projection: Projection[Any], limits: Limits) -> bool:
    """Whether it has to be built in one go; makes the view, empty, where there is none yet."""
    cursor = await ensure(log, projection)
    if cursor.version != projection.version:
        return cursor.version < projection.version
    if cursor.position != ORIGIN:
        return False
    return await log.count_after(ORIGIN, limits.bulk) == limits.bulk
