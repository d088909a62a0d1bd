"""A page of the log put together by stream."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from contracts import registry, upcasters
from contracts.events import CourseStructurePublished
from contracts.topics import Stream
from projections.definition import Projection, Recorded
from services.projector.errors import PoisonEventError
from services.projector.feed import Decoded
from services.store.records import Position
from services.store.skips import Skips


class Batch(NamedTuple):
    """Events by stream, each in order; of each course the last structure among them."""

    end: Position
    streams: dict[Stream, list[Recorded]]
    published: list[CourseStructurePublished]


def read(page: Sequence[Decoded], projection: Projection[Any], skips: Skips) -> Batch:
    """What the projection reads of a page, without what it skips.

    Raises:
        PoisonEventError: an event cannot be decoded.
    """
    by_name: dict[str, list[Recorded]] = {}
    published: dict[tuple[str, str], CourseStructurePublished] = {}
    topics = {it.topic for it in page}
    read_, handled = (
        {it for it in topics if not is_passed_over(it, wanted)}
        for wanted in (projection.reads, projection.handles)
    )
    for position, name, version, topic, event, _ in page:
        if topic not in read_ or (name, version) in skips:
            continue
        if isinstance(event, Exception):
            raise PoisonEventError(projection.name, name, version, position, event) from event
        if projection.courses and type(event) is CourseStructurePublished:
            published[event.school, event.course] = event
        if topic in handled:
            of_stream: Any = event
            by_name.setdefault(name, []).append(Recorded(version, position, topic, of_stream))
    streams = {Stream.parse(name): events for name, events in by_name.items()}
    return Batch(page[-1].position, streams, list(published.values()))


@cache
def is_passed_over(topic: str, reads: frozenset[str]) -> bool:
    """True of a known type that is not read; one that nobody knows must be looked at."""
    name = upcasters.newest(topic)
    return name in registry.EVENTS and name not in reads


def fold_stream(
    projection: Projection[Any], stream: Stream, before: Any, events: Sequence[Recorded]
) -> Any:
    """The state after the events.

    Raises:
        PoisonEventError: an event cannot be folded.
    """
    try:
        return projection.fold(before, events)
    except Exception as error:
        culprit = _culprit(projection, before, events)
        raise PoisonEventError(
            projection.name, str(stream), culprit.version, Position(*culprit.position), error
        ) from error


def _culprit(projection: Projection[Any], before: Any, events: Sequence[Recorded]) -> Recorded:
    """The first event with which the fold fails."""
    for end in range(1, len(events)):
        try:
            projection.fold(before, events[:end])
        except Exception:  # noqa: BLE001 - whatever a projection's own function raises
            return events[end - 1]
    return events[-1]


def before(page: Sequence[Decoded], poison: PoisonEventError) -> list[Decoded]:
    """What of the page stands before the event that cannot be handled."""
    return [event for event in page if event.position < poison.position]
