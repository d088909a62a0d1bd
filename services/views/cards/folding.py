"""Events of a stream up to a day, folded by the very functions that keep the views (B10)."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from contracts.events import Revoked
from contracts.topics import Stream
from projections.definition import Change, Projection, Recorded, Row
from projections.events_log import EVENTS_LOG
from services.domain.course import Course
from services.domain.history import in_force
from services.store.mapper import decode
from services.store.records import FollowedEvent, Position
from services.store.selection import Clock
from services.views.events_log import Entry

T = TypeVar("T", bound=NamedTuple)
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
    recorded: list[Recorded] = []
    for turn in range(0, len(events), TURN):
        recorded += map(_recorded, events[turn : turn + TURN])
        await asyncio.sleep(0)
    if when.by == "effective":
        counting = {it.version for it in in_force([it.event for it in recorded])}
        recorded = [it for it in recorded if it.version in counting]
    return [it for it in recorded if when.has(it.event)]


def entries(stream: Stream, recorded: Sequence[Recorded]) -> list[Entry]:
    """What the events log said of them."""
    undone = _undone(recorded)
    rows = folded(EVENTS_LOG, stream, recorded, None)["entries"]
    return [_entry(row | {"undone": row["version"] in undone}) for row in rows]


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


def _undone(recorded: Iterable[Recorded]) -> set[int]:
    """Versions of what was taken back by then."""
    undos = (it.event for it in recorded if isinstance(it.event, Revoked))
    return {it.version for undo in undos for it in undo.undone}


def _recorded(event: FollowedEvent) -> Recorded:
    decoded: Any = decode(event.topic, event.state)
    return Recorded(event.originator_version, event.position, event.topic, decoded)


def _entry(row: dict[str, Any]) -> Entry:
    position = Position(row["transaction_id"], row["notification_id"])
    return lines(Entry, [row | {"position": position}])[0]
