"""Events of a stream up to a day, folded by the very functions that keep the views (B10)."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from contracts.topics import Stream
from projections.definition import Change, Projection, Recorded, Row
from services.domain.course import Course
from services.domain.history import in_force
from services.store.mapper import decode
from services.store.records import FollowedEvent
from services.store.selection import Clock

T = TypeVar("T", bound=NamedTuple)
Item = TypeVar("Item")
TURN = 500
"""Events read before others get their turn."""


class Past(NamedTuple):
    """The moment, and by which clock."""

    at: datetime
    by: Clock

    def has(self, event: Any) -> bool:
        """Whether the event belongs to it."""
        return bool((event.recorded_at if self.by == "recorded" else event.effective_at) <= self.at)


async def belonging(events: Sequence[FollowedEvent], when: Past) -> list[Recorded]:
    """Those that belong to the moment; by the clock "effective" those that are in force today."""
    recorded = [recorded_of(it) async for it in in_turns(events)]
    if when.by == "effective":
        counting = {it.version for it in in_force([it.event for it in recorded])}
        recorded = [it for it in recorded if it.version in counting]
    return [it for it in recorded if when.has(it.event)]


async def in_turns(items: Iterable[Item]) -> AsyncIterator[Item]:
    """The items; others get their turn after so many."""
    for number, item in enumerate(items, 1):
        yield item
        if number % TURN == 0:
            await asyncio.sleep(0)


def recorded_of(event: FollowedEvent) -> Recorded:
    """As a projection sees it."""
    decoded: Any = decode(event.topic, event.state)
    return Recorded(event.originator_version, event.position, event.topic, decoded)


def folded(
    projection: Projection[Any], stream: Stream, events: Sequence[Recorded], course: Course | None
) -> dict[str, list[dict[str, Any]]]:
    """What the projection would write for these events, by table."""
    tables = {table.put or table.name: table for table in projection.tables}
    found: dict[str, list[dict[str, Any]]] = {table.name: [] for table in projection.tables}
    if events:
        change = Change(stream, None, projection.fold(None, events), course)
        for write in projection.writes([change]):
            table = tables[write.statement]
            found[table.name] += [_named(table.columns, row) for row in write.rows]
    return found


def _named(columns: Sequence[str], row: Row) -> dict[str, Any]:
    """By column, with the label that the table works out of the provenance (M6)."""
    named = dict(zip(columns, row, strict=True))
    manually = named.get("provenance") == "manual"
    return named | {"manually_completed": manually, "manually": manually}


def lines(kind: type[T], rows: Iterable[dict[str, Any]]) -> list[T]:
    """Rows as lines of the view."""
    return [kind._make(row[name] for name in kind._fields) for row in rows]
