"""Steps of the story as messages."""

from collections.abc import Mapping
from typing import Any

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
    key = _key(step.data)
    body = orjson.dumps(step.data)
    headers = write(Envelope(step.id, SHORT[step.type], SOURCE, body))
    return Message(topics.COMMANDS, key.encode(), body, headers)


def _key(data: Mapping[str, Any]) -> str:
    """Of a learner's command, or of one about an operation."""
    if "operation" in data:
        return topics.operation_key(data["school"], data["operation"])
    return topics.learner_key(data["school"], data["learner"])


def reference(entry: Entry) -> Message:
    """A record of the catalog or the directory."""
    return prepare(0, short(registry.name_of(entry)), entry.to_json()).message
