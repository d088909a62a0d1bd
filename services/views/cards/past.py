"""A card from the log alone: what was so on a day (B10).

The events up to then are folded by the very functions that keep the views, with the structure
of that day. By the clock "recorded" that is what Coursemark knew then. By "effective" it is
what is known today to have been achieved by then: events are told apart by when they took
effect and folded in the order of their stream, without those that an undo has taken back since;
and a course whose structure came later has its first one.
"""

import asyncio
from collections.abc import Mapping, Sequence
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
from services.views.cards.folding import Past, belonging, folded, lines
from services.views.cards.present import CardPage
from services.views.cards.told import told
from services.views.events_log import END, Asked, Entry
from services.views.lines import ActivityLine, AttemptLine, CourseLine

READ = 16_000_000
"""Bytes of events that one answer may read: some 25,000 events."""


class TooMuchError(Exception):
    """``too_much_to_read``: there are more events than one answer may read."""

    code = "too_much_to_read"

    def __init__(self, learner: str, course: str | None, size: int) -> None:
        what = (
            "name a course, and its events alone are read."
            if course is None
            else f"ask the command line where it reaches the database: "
            f"coursemark show --course {course} --at."
        )
        super().__init__(
            f"The events of {course or learner} are {size:,} bytes, and one answer reads {READ:,}; "
            f"{what}"
        )


async def past(
    pool: asyncpg.Pool, school: str, learner: str, only: str | None, history: int, when: Past
) -> Card:
    """The learner's courses as they were, or one of them, with so many entries of history each."""
    names = map(Stream.parse, await streams_of_learner(pool, school, learner))
    streams = [stream for stream in names if only in {None, stream.course}]
    announced = recertification_stream(school, learner)
    loaded = await EventLog(pool).placed([*_of_cards(streams), announced])
    cards = []
    for card in await _cards(streams, loaded, when):
        asked = Asked(card.line.course)
        read = {name: loaded[name] for name in _streams(school, learner, asked.course)}
        cards.append(card._replace(history=await told(read, asked, when, limit=history)))
    ids = {learner} | {entry.actor for card in cards for entry in card.history if entry.actor}
    return Card(school, learner, when.at, cards, await people(pool, school, ids))


async def past_course(
    pool: asyncpg.Pool, school: str, learner: str, course: str, when: Past
) -> CourseCard | None:
    """One course without its history, none where nothing had happened in it.

    Raises:
        TooMuchError: its events are more than one answer may read.
    """
    some = await _readable(pool, [Stream(school, learner, course)])
    cards = await _cards(some, await EventLog(pool).placed(_of_cards(some)), when)
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
    cards = await _cards(some, await EventLog(pool).placed(_of_cards(some)), when)
    return CardPage(cards, some[-1].course if more else None)


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
        raise TooMuchError(learner, asked.course, size)
    loaded = await EventLog(pool).placed(names)
    return await told(loaded, asked, when, before=before, limit=limit)


def _streams(school: str, learner: str, course: str | None) -> list[str]:
    """Where something stands about a course."""
    own = [] if course is None else [str(Stream(school, learner, course))]
    return [*own, recertification_stream(school, learner)]


async def _readable(pool: asyncpg.Pool, streams: Sequence[Stream]) -> Sequence[Stream]:
    """The first of them, as many as one answer may read."""
    sizes = await EventLog(pool).sizes(_of_cards(streams))
    each = [sizes.get(str(it), 0) + sizes.get(_course_stream(it), 0) for it in streams]
    if each and each[0] > READ:
        raise TooMuchError(streams[0].learner, streams[0].course, each[0])
    return [it for it, read in zip(streams, accumulate(each), strict=True) if read <= READ]


def _of_cards(streams: Sequence[Stream]) -> list[str]:
    """What their cards are folded from: they, and the structures of their courses."""
    return [*map(str, streams), *map(_course_stream, streams)]


async def _cards(
    streams: Sequence[Stream], loaded: Mapping[str, Sequence[FollowedEvent]], when: Past
) -> list[CourseCard]:
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
