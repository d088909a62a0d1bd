"""The latest progress of whoever changed, to the compacted ``coursemark.progress.v1``.

It follows the log no further than the progress view has come, and sends what the view says: so a
message is never older than the event that it was sent for, and nothing is worked out twice.
"""

from collections.abc import AsyncIterator, Sequence

from contracts import registry, topics
from contracts.envelope import Envelope, write
from contracts.progress import LatestProgress
from contracts.topics import Stream
from projections.progress import PROGRESS
from services.runtime.bus.outbox import Message
from services.store.cursors import Cursor
from services.store.log import EventLog
from services.store.records import FollowedEvent, Position
from services.views.progress import ProgressView

SOURCE = "/coursemark/progress"
TYPE = registry.name_of(LatestProgress)


class ProgressFeed:
    """One message for each learner and course of a batch, however many events they had.

    A new structure changes the figures of everybody in the course (B9): all are sent again.
    """

    name = "publish-progress"
    topics = None

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._view = ProgressView(log.pool)
        self._followed = Cursor(log.pool, PROGRESS.name)

    async def until(self) -> Position | None:
        """As far as the view has come."""
        return await self._followed.read()

    async def pages(self, events: Sequence[FollowedEvent]) -> AsyncIterator[list[Message]]:
        """What the view says of the streams of these events; whole courses come first."""
        streams = {Stream.parse(event.originator_id) for event in events}
        for course in sorted(filter(_is_course, streams)):
            async for page in self._log.pages(course.school, course.course):
                yield await self._latest(set(map(Stream.parse, page)))
        yield await self._latest({stream for stream in streams if not stream.is_course})

    async def _latest(self, streams: set[Stream]) -> list[Message]:
        return sorted(map(message, await self._view.latest(streams)), key=_key)


def _key(message: Message) -> bytes:
    return message.key or b""


def _is_course(stream: Stream) -> bool:
    return stream.is_course


def message(latest: LatestProgress) -> Message:
    """One record; ``ce_id`` tells one version from the next."""
    stream = Stream(latest.school, latest.learner, latest.course)
    body = latest.to_json()
    envelope = Envelope(
        id=f"{stream}@{latest.version}:{latest.structure_version}",
        type=TYPE,
        source=SOURCE,
        data=body,
        subject=str(stream),
        attributes={"sequence": f"{latest.version:020d}"},
    )
    return Message(topics.PROGRESS, str(stream).encode(), body, write(envelope))
