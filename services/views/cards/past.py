"""A card from the log alone: what was so on a day (B10).

The events up to then are folded by the very functions that keep the views, with the structure
of that day. By the clock "recorded" that is what Coursemark knew then. By "effective" it is
what is known today to have been achieved by then: events are told apart by when they took
effect and folded in the order of their stream, without those that an undo has taken back since;
and a course whose structure came later has its first one.
"""

import asyncio
from collections.abc import Collection, Sequence
from itertools import accumulate

import asyncpg

from contracts.events import CourseStructurePublished
from contracts.topics import Stream, awards_stream, course_stream, recertification_stream
from projections.progress import PROGRESS
from services.domain.course import Course
from services.store.courses import course_of
from services.store.log import EventLog
from services.store.mapper import decode
from services.store.people import people, streams_of_learner
from services.store.records import FollowedEvent, Position
from services.views.cards.card import Card, CourseCard, activity_cards
from services.views.cards.folding import Past, belonging, entries, folded, lines
from services.views.cards.present import CardPage
from services.views.events_log import END, Asked, Entry
from services.views.lines import ActivityLine, AttemptLine, CourseLine

READ = 16_000_000
"""Bytes of events that one answer may read: some 25,000 events."""


class TooMuchError(Exception):
    """``too_much_to_read``: there are more events than one answer may read."""

    code = "too_much_to_read"

    def __init__(self, of: str, size: int) -> None:
        super().__init__(
            f"The events of {of} are {size:,} bytes, and one answer reads {READ:,}; ask the "
            "command line where it reaches the database: coursemark show --at."
        )


async def past(
    pool: asyncpg.Pool, school: str, learner: str, only: str | None, history: int, when: Past
) -> Card:
    """The learner's courses as they were, or one of them."""
    names = map(Stream.parse, await streams_of_learner(pool, school, learner))
    streams = [stream for stream in names if only in {None, stream.course}]
    cards = []
    for card in await _cards(pool, streams, when):
        asked = Asked(card.line.course)
        said = await _entries(pool, _streams(school, learner, asked.course), asked, when)
        cards.append(card._replace(history=said[:history]))
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
    cards = await _cards(pool, await _readable(pool, [stream]), when)
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
    return CardPage(await _cards(pool, some, when), some[-1].course if more else None)


async def past_entries(
    pool: asyncpg.Pool,
    school: str,
    learner: str,
    asked: Asked,
    when: Past,
    *,
    before: Position = END,
    limit: int,
) -> list[Entry]:
    """What the events log said of a learner, the newest first; ``before``: after an earlier page.

    Raises:
        TooMuchError: the events are more than one answer may read.
    """
    names = _streams(school, learner, asked.course)
    if asked.course is None:
        names += [*await streams_of_learner(pool, school, learner), awards_stream(school, learner)]
    size = sum((await EventLog(pool).sizes(names)).values())
    if size > READ:
        raise TooMuchError(asked.course or learner, size)
    said = await _entries(pool, names, asked, when)
    return [it for it in said if it.position < before][:limit]


def _streams(school: str, learner: str, course: str | None) -> list[str]:
    """Where something stands about a course."""
    own = [] if course is None else [str(Stream(school, learner, course))]
    return [*own, recertification_stream(school, learner)]


async def _entries(
    pool: asyncpg.Pool, names: Collection[str], asked: Asked, when: Past
) -> list[Entry]:
    """All that is asked for, the newest first."""
    found: list[Entry] = []
    for name, events in (await EventLog(pool).placed(names)).items():
        said = entries(Stream.parse(name), await belonging(events, when))
        found += [it for it in said if asked.has(it)]
    return sorted(found, key=lambda it: it.position, reverse=True)


async def _readable(pool: asyncpg.Pool, streams: Sequence[Stream]) -> Sequence[Stream]:
    """The first of them, as many as one answer may read."""
    sizes = await EventLog(pool).sizes([*map(str, streams), *map(_course_stream, streams)])
    each = [sizes.get(str(it), 0) + sizes.get(_course_stream(it), 0) for it in streams]
    if each and each[0] > READ:
        raise TooMuchError(streams[0].course, each[0])
    return [it for it, read in zip(streams, accumulate(each), strict=True) if read <= READ]


async def _cards(pool: asyncpg.Pool, streams: Sequence[Stream], when: Past) -> list[CourseCard]:
    wanted = [*map(str, streams), *map(_course_stream, streams)]
    loaded = await EventLog(pool).placed(wanted)
    cards = []
    for it in streams:
        structure = await _structure(loaded[_course_stream(it)], when)
        card = await _course(it, loaded[str(it)], structure, when)
        if card is not None:
            cards.append(card)
    return cards


def _course_stream(stream: Stream) -> str:
    return course_stream(stream.school, stream.course)


async def _structure(events: Sequence[FollowedEvent], when: Past) -> Course | None:
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
    stream: Stream, events: Sequence[FollowedEvent], course: Course | None, when: Past
) -> CourseCard | None:
    """The course without its history, none where nothing had happened in it yet."""
    recorded = await belonging(events, when)
    if not recorded:
        return None
    rows = folded(PROGRESS, stream, recorded, course)
    [line] = lines(CourseLine, rows["courses"])
    activities = lines(ActivityLine, rows["activities"])
    return CourseCard(
        line=line,
        course=course,
        activities=activity_cards(line, activities, course, when.at),
        attempts=lines(AttemptLine, rows["attempts"]),
        history=[],
    )
