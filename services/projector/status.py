"""How far each view is behind the log, and why it stands still if it does."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from projections.definition import Projection
from services.projector.cursors import StoredCursor
from services.store.log import COUNT_BOUND, EventLog
from services.store.mapper import decode
from services.store.records import Position


class Status(NamedTuple):
    """A view now.

    ``version``: of the view, 0 where it was never built; ``wanted``: of its definition.
    ``behind``: events that it has not handled, counted up to a million. ``lag``: seconds since
    the first of them was recorded; none where it cannot be read. ``error``: why it has stopped.
    """

    name: str
    version: int
    wanted: int
    position: Position
    behind: int
    lag: float | None
    error: str | None
    failed_at: datetime | None


async def statuses(log: EventLog, projections: Iterable[Projection[Any]]) -> list[Status]:
    """All views of a log."""
    return [await status(log, projection) for projection in projections]


async def status(log: EventLog, projection: Projection[Any], bound: int = COUNT_BOUND) -> Status:
    """One view."""
    cursor = await StoredCursor(log.pool, projection.name).read()
    return Status(
        name=projection.name,
        version=cursor.version,
        wanted=projection.version,
        position=cursor.position,
        behind=await log.count_after(cursor.position, bound),
        lag=await _lag(log, cursor.position),
        error=cursor.error,
        failed_at=cursor.failed_at,
    )


async def _lag(log: EventLog, position: Position) -> float | None:
    """Seconds since the next event was recorded, 0 where there is none."""
    waiting = await log.follow(position, 1)
    if not waiting:
        return 0.0
    try:
        event = decode(waiting[0].topic, waiting[0].state)
    except (ValueError, LookupError):
        return None
    return max(0.0, (datetime.now(UTC) - event.recorded_at).total_seconds())
