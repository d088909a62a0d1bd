"""A card from the log alone: what was so on a day (B10).

The events up to then are folded by the very functions that keep the views, with the structure
of that day. By the clock "recorded" that is what Coursemark knew then. By "effective" it is
what is known today to have been achieved by then: events are told apart by when they took
effect and folded in the order of their stream, without those that an undo has taken back since;
and a course whose structure came later has its first one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import asyncpg

from contracts.events import CourseStructurePublished, Revoked
from contracts.topics import Stream, course_stream
from projections.definition import Change, Projection, Recorded, Row
from projections.events_log import EVENTS_LOG
from projections.progress import PROGRESS
from services.domain.course import Course
from services.domain.history import in_force
from services.store.courses import course_of
from services.store.log import EventLog
from services.store.mapper import decode
from services.store.people import people, streams_of_learner
from services.store.records import NewEvent, Position
from services.store.selection import Clock
from services.views.cards.card import Card, CourseCard, activity_cards
from services.views.events_log import Entry
from services.views.lines import ActivityLine, AttemptLine, CourseLine

T = TypeVar("T", bound=NamedTuple)


class Past(NamedTuple):
    """The moment, and by which clock."""

    at: datetime
    by: Clock

    def has(self, event: Any) -> bool:
        """Whether the event belongs to it."""
        return bool((event.recorded_at if self.by == "recorded" else event.effective_at) <= self.at)


async def past(
    pool: asyncpg.Pool, school: str, learner: str, only: str | None, history: int, when: Past
) -> Card:
    """The learner's courses as they were, or one of them."""
    names = map(Stream.parse, await streams_of_learner(pool, school, learner))
    streams = [stream for stream in names if only in {None, stream.course}]
    wanted = {str(it): 0 for it in streams} | {_course_stream(it): 0 for it in streams}
    loaded = await EventLog(pool).load(wanted)
    found = [
        _course(it, loaded[str(it)], _structure(loaded[_course_stream(it)], when), when, history)
        for it in streams
    ]
    cards = [card for card in found if card is not None]
    ids = {learner} | {entry.actor for card in cards for entry in card.history if entry.actor}
    return Card(school, learner, when.at, cards, await people(pool, school, ids))


def _course_stream(stream: Stream) -> str:
    return course_stream(stream.school, stream.course)


def _structure(events: Sequence[NewEvent], when: Past) -> Course | None:
    decoded = [decode(event.topic, event.state) for event in events]
    published = [event for event in decoded if isinstance(event, CourseStructurePublished)]
    known = [event for event in published if event.recorded_at <= when.at]
    if when.by == "effective" and not known:
        known = published[:1]
    return course_of(known[-1]) if known else None


def _course(
    stream: Stream, events: Sequence[NewEvent], course: Course | None, when: Past, history: int
) -> CourseCard | None:
    """The course, none where nothing had happened in it yet."""
    recorded = [it for it in _known(events, when) if when.has(it.event)]
    if not recorded:
        return None
    rows = _rows(PROGRESS, stream, recorded, course)
    [line] = _lines(CourseLine, rows["courses"])
    activities = _lines(ActivityLine, rows["activities"])
    entries = _rows(EVENTS_LOG, stream, recorded[-history:] if history else [], course)["entries"]
    undone = _undone(recorded)
    return CourseCard(
        line=line,
        course=course,
        activities=activity_cards(line, activities, course, when.at),
        attempts=_lines(AttemptLine, rows["attempts"]),
        history=[_entry(row | {"undone": row["version"] in undone}) for row in reversed(entries)],
    )


def _known(events: Sequence[NewEvent], when: Past) -> list[Recorded]:
    """All events; by the clock "effective" those that are in force today."""
    recorded = list(map(_recorded, events))
    if when.by == "recorded":
        return recorded
    counting = {it.version for it in in_force([it.event for it in recorded])}
    return [it for it in recorded if it.version in counting]


def _undone(recorded: Iterable[Recorded]) -> set[int]:
    """Versions of what was taken back by then."""
    undos = (it.event for it in recorded if isinstance(it.event, Revoked))
    return {it.version for undo in undos for it in undo.undone}


def _recorded(event: NewEvent) -> Recorded:
    decoded: Any = decode(event.topic, event.state)
    return Recorded(event.originator_version, (0, event.originator_version), event.topic, decoded)


def _rows(
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


def _lines(kind: type[T], rows: Iterable[dict[str, Any]]) -> list[T]:
    return [kind._make(row[name] for name in kind._fields) for row in rows]


def _entry(row: dict[str, Any]) -> Entry:
    position = Position(row["transaction_id"], row["notification_id"])
    return _lines(Entry, [row | {"position": position}])[0]
