"""How each view and each feed stands: for the command line, and for whoever watches."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from projections.definition import Projection
from services.store.log import COUNT_BOUND, EventLog
from services.store.mapper import decode
from services.store.placement import MAIN
from services.store.records import ORIGIN, FollowedEvent, Position
from services.store.sql import query

SOME = 100
"""Up to so many waiting events are counted for a feed that wants only some types of them."""


class Standing(NamedTuple):
    """A view or a feed now.

    ``version``: of the view, 0 where it was never built; ``wanted``: of its definition; none for
    a feed. ``behind``: events that it has not handled, counted up to a million, or up to ``SOME``
    for a feed of some types. ``lag``: seconds since the first of them was recorded; none where
    that cannot be read. ``rate``: events per second that it handled lately: each counts by
    e^(-age / 60 s), divided by 60 s. ``error``: why it has stopped, ``blocked_since`` its first
    failure there, and ``blocked_at`` the event, where one is to blame.
    """

    name: str
    kind: Literal["view", "feed"]
    version: int | None
    wanted: int | None
    position: Position
    behind: int
    lag: float | None
    rate: float
    error: str | None
    blocked_since: datetime | None
    blocked_at: Position | None
    rebuilding: bool

    @property
    def problem(self) -> str | None:
        """What somebody should look at; none where all is well."""
        if self.error is not None or self.version == self.wanted:
            return self.error
        if not self.version:
            return "being built" if self.rebuilding else "never built yet"
        return f"version {self.version}, wanted is {self.wanted}"


class _Cursor(NamedTuple):
    """A row of the cursors."""

    name: str
    version: int = 0
    position: Position = ORIGIN
    rate: float = 0.0
    error: str | None = None
    blocked_since: datetime | None = None
    blocked_at: Position | None = None
    rebuilding: bool = False


async def standings(
    log: EventLog,
    views: Iterable[Projection[Any]],
    feeds: Mapping[str, Collection[str] | None],
) -> list[Standing]:
    """Views first, then feeds, each feed with the event types that it follows; none: all."""
    versions = {view.name: view.version for view in views}
    cursors = await _cursors(log, [*versions, *feeds])
    found = [
        await _standing(log, cursors.get(name, _Cursor(name)), wanted, None)
        for name, wanted in versions.items()
    ]
    return found + [
        await _standing(log, cursors.get(name, _Cursor(name)), None, types)
        for name, types in feeds.items()
    ]


async def _cursors(log: EventLog, names: Collection[str]) -> dict[str, _Cursor]:
    rows = await log.pool.fetch(query("standing"), MAIN, list(names))
    return {row[0]: _cursor(*row) for row in rows}


def _cursor(name: str, version: int, *rest: Any) -> _Cursor:
    transaction_id, notification_id, rate, error, since, stopped, stopped_id, rebuilding = rest
    blocked_at = None if stopped is None else Position(stopped, stopped_id)
    position = Position(transaction_id, notification_id)
    return _Cursor(name, version, position, rate, error, since, blocked_at, rebuilding)


async def _standing(
    log: EventLog, cursor: _Cursor, wanted: int | None, types: Collection[str] | None
) -> Standing:
    if types is None:
        behind = await log.count_after(cursor.position, COUNT_BOUND)
        waiting = await log.follow(cursor.position, 1)
    else:
        waiting = await log.follow(cursor.position, SOME, topics=types)
        behind = len(waiting)
    return Standing(
        name=cursor.name,
        kind="feed" if wanted is None else "view",
        version=None if wanted is None else cursor.version,
        wanted=wanted,
        position=cursor.position,
        behind=behind,
        lag=_age(waiting[0]) if waiting else 0.0,
        rate=cursor.rate,
        error=cursor.error,
        blocked_since=cursor.blocked_since,
        blocked_at=cursor.blocked_at,
        rebuilding=cursor.rebuilding,
    )


def _age(event: FollowedEvent) -> float | None:
    """Seconds since it was recorded; none where it cannot be read."""
    try:
        recorded_at = decode(event.topic, event.state).recorded_at
    except (ValueError, LookupError):
        return None
    return max(0.0, (datetime.now(UTC) - recorded_at).total_seconds())
