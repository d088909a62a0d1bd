"""A card from the log alone: what was so on a day (B10).

The events up to then are folded by the very functions that keep the views, with the structure
of that day. By the clock "recorded" that is what Coursemark knew then. By "effective" it is
what is known today to have been achieved by then: events are told apart by when they took
effect and folded in the order of their stream, without those that an undo has taken back since;
and a course whose structure came later has its first one.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import accumulate
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
from services.views.cards.present import CardPage
from services.views.events_log import Entry
from services.views.lines import ActivityLine, AttemptLine, CourseLine

T = TypeVar("T", bound=NamedTuple)
READ = 16_000_000
"""Bytes of events that one answer may read: some 25,000 events."""
TURN = 500
"""Events read before others get their turn."""


class Past(NamedTuple):
    """The moment, and by which clock."""

    at: datetime
    by: Clock

    def has(self, event: Any) -> bool:
        """Whether the event belongs to it."""
        return bool((event.recorded_at if self.by == "recorded" else event.effective_at) <= self.at)


class TooMuchError(Exception):
    """``too_much_to_read``: a course's events are more than one answer may read."""

    code = "too_much_to_read"


async def past(
    pool: asyncpg.Pool, school: str, learner: str, only: str | None, history: int, when: Past
) -> Card:
    """The learner's courses as they were, or one of them."""
    names = map(Stream.parse, await streams_of_learner(pool, school, learner))
    streams = [stream for stream in names if only in {None, stream.course}]
    cards = await _cards(pool, streams, when, history)
    ids = {learner} | {entry.actor for card in cards for entry in card.history if entry.actor}
    return Card(school, learner, when.at, cards, await people(pool, school, ids))


async def past_course(
    pool: asyncpg.Pool, school: str, learner: str, course: str, when: Past
) -> CourseCard | None:
    """One course without its history, none where nothing had happened in it.

    Raises:
        TooMuchError: its events are more than one answer may read.
    """
    stream = Stream(school, learner, course)
    cards = await _cards(pool, await _readable(pool, [stream]), when, 0)
    return cards[0] if cards else None


async def past_page(
    pool: asyncpg.Pool, school: str, learner: str, when: Past, *, after: str, limit: int
) -> CardPage:
    """Courses after one without their history: at most so many, and as many as may be read.

    Raises:
        TooMuchError: a course's events are more than one answer may read.
    """
    names = await streams_of_learner(pool, school, learner, after=after, limit=limit + 1)
    streams = [Stream.parse(name) for name in names]
    some = await _readable(pool, streams[:limit])
    more = len(some) < len(streams)
    return CardPage(await _cards(pool, some, when, 0), some[-1].course if more else None)


async def _readable(pool: asyncpg.Pool, streams: Sequence[Stream]) -> Sequence[Stream]:
    """The first of them, as many as one answer may read."""
    sizes = await EventLog(pool).sizes([*map(str, streams), *map(_course_stream, streams)])
    each = [sizes.get(str(it), 0) + sizes.get(_course_stream(it), 0) for it in streams]
    if each and each[0] > READ:
        raise TooMuchError(
            f"The events of {streams[0].course} are {each[0]:,} bytes, and one answer reads "
            f"{READ:,}; ask the command line: coursemark show --at."
        )
    return [it for it, read in zip(streams, accumulate(each), strict=True) if read <= READ]


async def _cards(
    pool: asyncpg.Pool, streams: Sequence[Stream], when: Past, history: int
) -> list[CourseCard]:
    wanted = {str(it): 0 for it in streams} | {_course_stream(it): 0 for it in streams}
    loaded = await EventLog(pool).load(wanted)
    cards = []
    for it in streams:
        structure = await _structure(loaded[_course_stream(it)], when)
        card = await _course(it, loaded[str(it)], structure, when, history)
        if card is not None:
            cards.append(card)
    return cards


def _course_stream(stream: Stream) -> str:
    return course_stream(stream.school, stream.course)


async def _structure(events: Sequence[NewEvent], when: Past) -> Course | None:
    published = []
    for event in events:
        decoded = decode(event.topic, event.state)
        if isinstance(decoded, CourseStructurePublished):
            published.append(decoded)
        await asyncio.sleep(0)
    known = [event for event in published if event.recorded_at <= when.at]
    if when.by == "effective" and not known:
        known = published[:1]
    return course_of(known[-1]) if known else None


async def _course(
    stream: Stream, events: Sequence[NewEvent], course: Course | None, when: Past, history: int
) -> CourseCard | None:
    """The course, none where nothing had happened in it yet."""
    recorded = [it for it in await _known(events, when) if when.has(it.event)]
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


async def _known(events: Sequence[NewEvent], when: Past) -> list[Recorded]:
    """All events; by the clock "effective" those that are in force today."""
    recorded: list[Recorded] = []
    for turn in range(0, len(events), TURN):
        recorded += map(_recorded, events[turn : turn + TURN])
        await asyncio.sleep(0)
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
