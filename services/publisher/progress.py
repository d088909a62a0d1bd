"""The latest progress of whoever changed, to the compacted ``coursemark.progress.v1``.

It follows the log no further than the progress view has come, and sends what the view says: so a
message is never older than the event that it was sent for, and nothing is worked out twice.

Of whoever was erased it sends tombstones, whenever it comes to one of their events. Each page is
looked at again once it is acknowledged: whose erasure came meanwhile has a tombstone behind it, and
whose erasure comes later gets one of the erasure itself. So the last message is one.
"""

from collections.abc import AsyncIterator, Sequence

from contracts import registry, topics
from contracts.envelope import Envelope, write
from contracts.progress import LatestProgress
from contracts.topics import Stream
from projections.progress import PROGRESS
from services.runtime.bus.outbox import Message
from services.store.cursors import Cursor
from services.store.erasures import erased
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
            async for names in self._log.pages(course.school, course.course):
                async for page in self._page(set(map(Stream.parse, names))):
                    yield page
        async for page in self._page({stream for stream in streams if not stream.is_course}):
            yield page

    async def _page(self, streams: set[Stream]) -> AsyncIterator[list[Message]]:
        """What the view says of these streams; then tombstones for the erasures meanwhile."""
        gone = await self._erased(streams)
        latest = map(message, await self._view.latest(streams - gone))
        yield sorted([*latest, *map(tombstone, gone)], key=_key)
        since = await self._erased(streams - gone)
        if since:
            yield sorted(map(tombstone, since), key=_key)

    async def _erased(self, streams: set[Stream]) -> set[Stream]:
        """The courses of these streams' learners who were erased."""
        users = await erased(self._log.pool, {(it.school, it.learner) for it in streams})
        return {it for it in streams if (it.school, it.learner) in users and not _is_several(it)}


def _key(message: Message) -> bytes:
    return message.key or b""


def _is_course(stream: Stream) -> bool:
    return stream.is_course


def _is_several(stream: Stream) -> bool:
    """True of streams that are about no one course, such as ``school/learner/~programs``."""
    return stream.course.startswith("~")


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


def tombstone(stream: Stream) -> Message:
    """Nothing stands under the stream's key any more."""
    return Message(topics.PROGRESS, str(stream).encode(), None, ())
