"""Every event to ``coursemark.events.v1``: stable ids, and the log's order for each key."""

from collections.abc import AsyncIterator, Sequence

import orjson

from contracts import topics, upcasters
from contracts.envelope import Envelope, write
from contracts.topics import Stream
from services.runtime.bus.outbox import Message
from services.store.records import FollowedEvent, Position

SOURCE = "/coursemark/log"


class EventsFeed:
    """One message an event; old versions go out as the newest."""

    name = "publish-events"
    topics = None

    async def until(self) -> Position | None:
        """To the head of the log."""
        return None

    async def pages(self, events: Sequence[FollowedEvent]) -> AsyncIterator[list[Message]]:
        """The events as CloudEvents in binary mode."""
        yield [message(event) for event in events]


def message(event: FollowedEvent) -> Message:
    """One event; the bytes that the log holds are the body."""
    stream = Stream.parse(event.originator_id)
    name, data = upcasters.upcast(event.topic, event.state)
    body = orjson.loads(data)
    key = topics.learner_key(stream.school, stream.learner)
    attributes = {"sequence": f"{event.originator_version:020d}", "partitionkey": key}
    if correlation := body.get("correlation_id"):
        attributes["correlationid"] = correlation
    envelope = Envelope(
        id=topics.event_id(event.originator_id, event.originator_version),
        type=name,
        source=SOURCE,
        data=data,
        subject=event.originator_id,
        time=body["recorded_at"],
        attributes=attributes,
    )
    return Message(topics.EVENTS, key.encode(), data, write(envelope))
