"""The AsyncAPI document says what the code does: topics, messages, headers, who sends what."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft7Validator

from contracts import registry, topics
from contracts.envelope import Envelope, write
from services.publisher import events
from services.runtime import asyncapi
from services.runtime.bus.client import Connection
from services.runtime.bus.letters import Problem, dead_letter, without_bytes
from services.runtime.topology import PARTS, TOPICS
from services.store.records import FollowedEvent, Position

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "tests" / "contracts" / "examples"
DOCUMENT = asyncapi.document()
every_type = pytest.mark.parametrize("name", registry.ALL)
every_topic = pytest.mark.parametrize("topic", TOPICS)

# AsyncAPI 3.0.0: what each object may have, of what we use; an x- or a misspelt field fails.
FIELDS = {
    "": "asyncapi info defaultContentType channels operations components",
    "info": "title version description license",
    "channels.*": "address description messages bindings",
    "channels.*.bindings.kafka": "topic partitions topicConfiguration bindingVersion",
    "operations.*": "action channel summary tags messages bindings reply",
    "operations.*.bindings.kafka": "groupId bindingVersion",
    "operations.*.reply": "channel messages",
    "components": "messages schemas",
    "components.messages.*": "name title summary description contentType headers payload "
    "correlationId bindings",
    "components.messages.*.bindings.kafka": "key bindingVersion",
}


def at(path: str) -> list[Any]:
    """The objects at a path of the document; a star stands for every name."""
    found: list[Any] = [DOCUMENT]
    for step in filter(None, path.split(".")):
        if step == "*":
            found = [inner for outer in found for inner in outer.values()]
        else:
            found = [outer[step] for outer in found if step in outer]
    return found


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from references(inner)


def target(reference: str) -> Any:
    """What a reference leads to, by JSON Pointer (our names have no slash and no tilde)."""
    found: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def payloads_of(name: str) -> Draft7Validator:
    """AsyncAPI's own schemas extend Draft 7 of JSON Schema."""
    return Draft7Validator(
        {**DOCUMENT["components"]["messages"][name]["payload"], **DOCUMENT},
        format_checker=Draft7Validator.FORMAT_CHECKER,
    )


def test_the_file_that_is_checked_in_is_the_one_that_the_code_generates() -> None:
    checked_in = (ROOT / "docs" / "reference" / "asyncapi.json").read_text("utf-8")
    assert checked_in == asyncapi.text(), "run python -m services.reference and read the diff"


def test_it_is_written_where_one_asks_and_printed_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncapi.main([str(tmp_path / "asyncapi.json")])
    asyncapi.main([])
    assert (tmp_path / "asyncapi.json").read_text("utf-8") == capsys.readouterr().out


def test_it_is_an_asyncapi_3_document_to_faststream_too() -> None:
    read = ApplicationSchema.model_validate(DOCUMENT)
    assert read.asyncapi == "3.0.0"
    assert read.channels.keys() == TOPICS.keys()
    assert {str(it.action.value) for it in read.operations.values()} == {"send", "receive"}


@pytest.mark.parametrize("path", FIELDS)
def test_every_object_has_fields_of_the_specification_alone(path: str) -> None:
    assert at(path)
    for found in at(path):
        assert found.keys() <= set(FIELDS[path].split())


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))
    assert len(found) > 2 * len(registry.ALL)
    assert all(target(reference) is not None for reference in found)


def test_every_registered_type_is_a_message_and_stands_in_one_channel() -> None:
    assert DOCUMENT["components"]["messages"].keys() == {*registry.ALL, asyncapi.DEAD_LETTER}
    carried = Counter(name for channel in at("channels.*") for name in channel["messages"])
    assert carried == Counter({**dict.fromkeys(registry.ALL, 1), asyncapi.DEAD_LETTER: 6})


@every_topic
def test_every_topic_is_a_channel_with_the_settings_that_it_is_created_with(topic: str) -> None:
    channel = DOCUMENT["channels"][topic]
    kafka = channel["bindings"]["kafka"]
    assert channel["address"] == kafka["topic"] == topic
    assert kafka["partitions"] == TOPICS[topic].partitions
    written = {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in kafka["topicConfiguration"].items()
    }
    assert written == TOPICS[topic].config()
    assert TOPICS[topic].key in channel["description"]


@pytest.mark.parametrize("name", PARTS)
def test_every_part_receives_and_sends_what_the_topology_says(name: str) -> None:
    part = PARTS[name]
    its = [it for it in at("operations.*") if it["tags"] == [{"name": name}]]
    found = {(it["action"], target(it["channel"]["$ref"])["address"]) for it in its}
    assert found == {("receive", topic) for topic in part.consumes} | {
        ("send", topic) for topic in part.produces
    }
    groups = {it["bindings"]["kafka"]["groupId"]["const"] for it in its if "bindings" in it}
    assert groups == ({part.group} if part.group else set())


def test_b2_every_command_is_answered_on_the_results_topic() -> None:
    operation = DOCUMENT["operations"][f"command-worker.receive.{topics.COMMANDS}"]
    assert len(operation["messages"]) == len(registry.COMMANDS) + len(registry.OPERATION_COMMANDS)
    assert target(operation["reply"]["channel"]["$ref"])["address"] == topics.RESULTS
    assert {target(it["$ref"])["$ref"] for it in operation["reply"]["messages"]} == {
        f"#/components/messages/{name}" for name in registry.RESULTS
    }


def test_b9_of_the_commands_the_publisher_sends_one_alone() -> None:
    [sent] = DOCUMENT["operations"][f"publisher.send.{topics.COMMANDS}"]["messages"]
    assert sent["$ref"].endswith("/coursemark.commands.evaluate_course.v1")


@every_type
def test_a_payload_permits_what_was_published_and_refuses_another_shape(name: str) -> None:
    payloads = payloads_of(name)
    payloads.check_schema(payloads.schema)
    for example in json.loads((EXAMPLES / f"{name}.json").read_text("utf-8")):
        payloads.validate(example)
        school = "school" if "school" in example else "school_id"
        assert not payloads.is_valid(example | {school: 7})
    assert not payloads.is_valid({})


def test_what_a_schema_defines_inside_itself_is_held_too() -> None:
    [*_, example] = json.loads(
        (EXAMPLES / "coursemark.commands.record_activity.v1.json").read_text("utf-8")
    )
    payloads = payloads_of("coursemark.commands.record_activity.v1")
    signal = target("#/components/schemas/coursemark.commands.record_activity.v1/properties/signal")
    assert signal["discriminator"] == "kind", "AsyncAPI has a name here, OpenAPI an object"
    assert not payloads.is_valid(example | {"signal": {"kind": "time_spent", "seconds": 0}})
    assert not payloads.is_valid(example | {"signal": {"kind": "finish"}})


@every_type
def test_a_message_says_its_name_what_it_is_and_its_key(name: str) -> None:
    message = DOCUMENT["components"]["messages"][name]
    assert message["headers"]["allOf"][1]["properties"]["ce_type"] == {"const": name}
    assert message["summary"] in (registry.ALL[name].__doc__ or "")
    [carrier] = [topic for topic in TOPICS.values() if name in topic.carries]
    assert message["bindings"]["kafka"]["key"]["description"] == carrier.key


def test_the_headers_are_those_that_are_written() -> None:
    described = DOCUMENT["components"]["schemas"]["cloud_event_headers"]
    least = write(Envelope("e-1", "made.up.v1", "/here", b"{}"))
    assert set(described["required"]) == {name for name, _ in least}
    body = json.dumps({"correlation_id": "c-1", "recorded_at": "2024-05-01T09:30:00Z"}).encode()
    place = ("riverside/u-1204/biology-1", 7, "coursemark.progress.learner_enrolled.v1", body)
    event = events.message(FollowedEvent(Position(1, 1), *place))
    traced = write(Envelope("e-1", "a.v1", "/here", b"{}", attributes={"traceparent": "00-1-2-0"}))
    assert {name for name, _ in [*event.headers, *traced]} == described["properties"].keys()
    Draft7Validator(described).validate({name: raw.decode() for name, raw in event.headers})


def test_the_headers_of_a_dead_letter_are_those_that_are_written() -> None:
    record = SimpleNamespace(
        topic=topics.COMMANDS, partition=3, offset=41, timestamp=0, key=b"k", value=b"?", headers=()
    )
    letter = without_bytes(dead_letter(record, Problem("not_json", "it"), Connection("here:1")))
    described = DOCUMENT["components"]["messages"][asyncapi.DEAD_LETTER]["headers"]["properties"]
    assert {name for name, _ in letter.headers} == described.keys()
