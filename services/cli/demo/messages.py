"""Steps of the story as messages."""

import orjson

from contracts import registry, topics
from contracts.envelope import Envelope, write
from services.cli.demo.school import RIVERSIDE
from services.cli.demo.script import Ask, Entry, Garbage
from services.cli.send.outgoing import SHORT, prepare, short
from services.runtime.bus.outbox import Message

SOURCE = "/coursemark/demo"


def message(step: Ask | Garbage) -> Message:
    """The command as any producer would send it, or the garbage as it is."""
    if isinstance(step, Garbage):
        key = topics.learner_key(RIVERSIDE, step.learner)
        return Message(topics.COMMANDS, key.encode(), step.value, [])
    key = topics.learner_key(step.data["school"], step.data["learner"])
    body = orjson.dumps(step.data)
    headers = write(Envelope(step.id, SHORT[step.type], SOURCE, body))
    return Message(topics.COMMANDS, key.encode(), body, headers)


def reference(entry: Entry) -> Message:
    """A record of the catalog or the directory."""
    return prepare(0, short(registry.name_of(entry)), entry.to_json()).message
