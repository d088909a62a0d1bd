"""A body in its envelope: one learner's messages under one key, in the order of the log."""

from datetime import datetime
from typing import NamedTuple

from contracts import registry, topics
from contracts.envelope import Envelope, timestamp, write
from contracts.model import Contract
from services.runtime.bus.outbox import Message

SOURCE = "/coursemark/fan-out"


class About(NamedTuple):
    """What the headers say: the message's own id, and of which event it tells."""

    id: str
    event_id: str
    school: str
    learner: str
    occurred_at: datetime
    correlation_id: str | None


def message(topic: str, about: About, body: Contract) -> Message:
    """A CloudEvent in binary mode; its subject is the event that it tells of."""
    key = topics.learner_key(about.school, about.learner)
    attributes = {"partitionkey": key}
    if about.correlation_id is not None:
        attributes["correlationid"] = about.correlation_id
    data = body.to_json()
    envelope = Envelope(
        id=about.id,
        type=registry.name_of(body),
        source=SOURCE,
        data=data,
        subject=about.event_id,
        time=timestamp(about.occurred_at),
        attributes=attributes,
    )
    return Message(topic, key.encode(), data, write(envelope))
