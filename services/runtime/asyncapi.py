"""The AsyncAPI 3 document of everything that Coursemark receives and sends on Kafka.

Generated from what the code runs on: the registry of types, their schemas, and the topology
that topics are created and consumers subscribed from. ``python -m services.runtime.asyncapi
[FILE]`` writes it to a file, or prints it. Sources: AsyncAPI 3.0.0; its Kafka bindings 0.5.0.
"""

import inspect
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from contracts import registry
from contracts.envelope import JSON, SPEC_VERSION
from contracts.schema import schema_of
from services.runtime.topology import PARTS, TOPICS, PartSpec, TopicSpec

Node = dict[str, Any]

BINDING = "0.5.0"
DEAD_LETTER = "dead_letter"
ABOUT = (
    "Commands come in, each is answered with a result, and every change goes out as an event. "
    "Messages are CloudEvents 1.0 in Kafka's binary mode; on the topics that Coursemark receives, "
    "the structured mode (content-type application/cloudevents+json, the attributes beside data "
    "in one JSON object) is read too. Delivery is at least once: a message may come again under "
    "the same ce_id. Ignore fields that you do not know; a type gains optional ones within a "
    "version. On a compacted topic a message without a value erases what stood under its key."
)
HEADERS: Mapping[str, str] = {
    "ce_specversion": "The version of CloudEvents, 1.0.",
    "ce_id": "The message's id: a command's is chosen by its producer, an event's is stable.",
    "ce_type": "The message's declared name.",
    "ce_source": "Who sent it, a URI reference.",
    "content-type": "application/json",
    "ce_subject": "What it is about: an event's stream, a result's command.",
    "ce_time": "When it was written, RFC 3339 in UTC.",
    "ce_sequence": "Of an event: its version in its stream, in twenty digits.",
    "ce_partitionkey": "Of an event: its Kafka key.",
    "ce_correlationid": "Of an event: the correlation id of its command.",
    "traceparent": "W3C trace context; a result carries its command's.",
}
REQUIRED_HEADERS = ("ce_specversion", "ce_id", "ce_type", "ce_source", "content-type")
DEAD_HEADERS: Mapping[str, str] = {
    "coursemark_error_code": "A stable code.",
    "coursemark_error": "A sentence that says what to do.",
    "coursemark_topic": "The topic that it came on.",
    "coursemark_partition": "Its partition there.",
    "coursemark_offset": "Its offset there.",
    "coursemark_timestamp": "Its timestamp there, milliseconds since 1970.",
    "coursemark_dropped_bytes": "The size of a value too large even for this topic; it is left "
    "out here, and stands at its origin.",
}


def document() -> Node:
    """The whole document, as JSON objects."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Coursemark",
            "version": version("coursemark"),
            "description": ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": JSON,
        "channels": {topic.name: _channel(topic) for topic in TOPICS.values()},
        "operations": dict(_operations()),
        "components": {
            "messages": {**dict(_messages()), DEAD_LETTER: _dead_letter()},
            "schemas": {"cloud_event_headers": _cloud_event_headers(), **dict(_schemas())},
        },
    }


def text() -> str:
    """The document as it is checked in."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def _reference(*path: str) -> Node:
    return {"$ref": "/".join(("#", *path))}


def _message_names(topic: TopicSpec) -> tuple[str, ...]:
    return topic.carries or (DEAD_LETTER,)


def _channel(topic: TopicSpec) -> Node:
    names = _message_names(topic)
    settings = {name: _setting(value) for name, value in topic.config().items()}
    return {
        "address": topic.name,
        "description": f"{topic.about} The key of a record: {topic.key}.",
        "messages": {name: _reference("components", "messages", name) for name in names},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": settings,
                "bindingVersion": BINDING,
            }
        },
    }


def _setting(value: str) -> int | list[str]:
    return int(value) if value.isdecimal() else [value]


def _operations() -> Iterator[tuple[str, Node]]:
    for part in PARTS.values():
        for topic in part.consumes:
            yield f"{part.name}.receive.{topic}", _receive(part, topic)
        for topic in part.produces:
            types = part.sends_only.get(topic) or _message_names(TOPICS[topic])
            yield f"{part.name}.send.{topic}", _operation(part, "send", topic, types)


def _operation(part: PartSpec, action: str, topic: str, types: Sequence[str]) -> Node:
    return {
        "action": action,
        "channel": _reference("channels", topic),
        "summary": part.about,
        "tags": [{"name": part.name}],
        "messages": [_reference("channels", topic, "messages", name) for name in types],
    }


def _receive(part: PartSpec, topic: str) -> Node:
    operation = _operation(part, "receive", topic, _message_names(TOPICS[topic]))
    group = {"type": "string", "const": part.group}
    operation["bindings"] = {"kafka": {"groupId": group, "bindingVersion": BINDING}}
    if part.answers_on is not None:
        answers = _operation(part, "send", part.answers_on, TOPICS[part.answers_on].carries)
        operation["reply"] = {name: answers[name] for name in ("channel", "messages")}
    return operation


def _messages() -> Iterator[tuple[str, Node]]:
    for topic in TOPICS.values():
        for name in topic.carries:
            yield name, _message(name, topic)


def _message(name: str, topic: TopicSpec) -> Node:
    summary, _, rest = (inspect.getdoc(registry.ALL[name]) or "").partition("\n")
    message = {
        "name": name,
        "title": registry.ALL[name].__name__,
        "summary": summary,
        "contentType": JSON,
        "headers": {
            "allOf": [
                _reference("components", "schemas", "cloud_event_headers"),
                {"type": "object", "properties": {"ce_type": {"const": name}}},
            ]
        },
        "payload": _reference("components", "schemas", name),
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": topic.key},
                "bindingVersion": BINDING,
            }
        },
    }
    if rest.strip():
        message["description"] = rest.strip()
    if name in registry.ASKED:
        message["correlationId"] = {"location": "$message.header#/ce_id"}
    elif "command_id" in registry.ALL[name].model_fields:
        message["correlationId"] = {"location": "$message.payload#/command_id"}
    return message


def _dead_letter() -> Node:
    return {
        "name": DEAD_LETTER,
        "title": "DeadLetter",
        "summary": "A record that could not be handled, its key, value and headers as they came.",
        "contentType": "application/octet-stream",
        "headers": {"type": "object", "properties": _strings(DEAD_HEADERS)},
        "payload": {"description": "The bytes as they came; perhaps not JSON, perhaps none."},
    }


def _cloud_event_headers() -> Node:
    properties = _strings(HEADERS)
    properties["ce_specversion"]["const"] = SPEC_VERSION
    properties["content-type"]["const"] = JSON
    return {"type": "object", "required": list(REQUIRED_HEADERS), "properties": properties}


def _strings(described: Mapping[str, str]) -> Node:
    return {name: {"type": "string", "description": it} for name, it in described.items()}


def _schemas() -> Iterator[tuple[str, Node]]:
    """The golden schemas; what one defines inside itself becomes a component beside it."""
    for name in registry.ALL:
        body = schema_of(name)
        inner = body.pop("$defs", {})
        del body["$schema"], body["$id"]  # an $id would turn every $ref to itself
        yield name, _in_asyncapi(body, name)
        for part, schema in inner.items():
            yield f"{name}.{part}", _in_asyncapi(schema, name)


def _in_asyncapi(part: Any, name: str) -> Any:
    match part:
        case {"$ref": str(reference), **rest}:
            target = reference.removeprefix("#/$defs/")
            return _reference("components", "schemas", f"{name}.{target}") | rest
        case dict():
            return {key: _member(key, value, name) for key, value in part.items()}
        case list():
            return [_in_asyncapi(value, name) for value in part]
    return part


def _member(key: str, value: Any, name: str) -> Any:
    if key == "discriminator":  # OpenAPI has an object here, AsyncAPI the property's name
        return value["propertyName"]
    return _in_asyncapi(value, name)


def main(arguments: Sequence[str]) -> None:
    """Write the document into the file that is named, or print it."""
    if arguments:
        Path(arguments[0]).write_text(text(), encoding="utf-8")
    else:
        sys.stdout.write(text())


if __name__ == "__main__":
    main(sys.argv[1:])
