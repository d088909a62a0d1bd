"""A file of JSON lines: what is wrong with a line is told with its number, and stops no other."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from contracts import topics
from contracts.envelope import read as read_envelope
from services.cli.send.lines import BadLine, read
from services.cli.send.outgoing import SHORT, Outgoing

MARK = {
    "school": "riverside",
    "learner": "u-1",
    "course": "biology",
    "actor": "ada",
    "activities": "whole_course",
    "send_completion_email": False,
}


def one(**line: Any) -> Outgoing | BadLine:
    [found] = read([orjson.dumps(line)])
    return found


@pytest.mark.parametrize("name", ["mark_complete", "coursemark.commands.mark_complete.v1"])
def test_a_command_by_its_short_or_its_declared_name(name: str) -> None:
    found = one(type=name, id="m-1", data=MARK)
    assert isinstance(found, Outgoing)
    envelope = read_envelope(found.message.value, found.message.headers)
    assert (found.message.topic, found.message.key) == (topics.COMMANDS, b"riverside/u-1")
    assert (envelope.type, envelope.id) == ("coursemark.commands.mark_complete.v1", "m-1")
    assert found.awaited == ("riverside", "m-1")


@pytest.mark.parametrize(
    ("name", "data", "topic", "key"),
    [
        ("school", {"school": "s", "plan": "starter"}, topics.DIRECTORY, b"s"),
        ("user", {"school": "s", "user": "ada"}, topics.DIRECTORY, b"s/ada"),
        (
            "course_structure",
            {
                "school": "s",
                "course": "c",
                "version": 1,
                "sections": [{"section": "1", "activities": [{"activity": "a", "type": "text"}]}],
            },
            topics.CATALOG,
            b"s/c",
        ),
    ],
)
def test_reference_data_goes_to_its_topic_and_waits_for_no_result(
    name: str, data: dict[str, Any], topic: str, key: bytes
) -> None:
    found = one(type=name, data=data)
    assert isinstance(found, Outgoing)
    assert (found.message.topic, found.message.key, found.awaited) == (topic, key, None)


def test_a_command_without_an_id_gets_one_of_its_own() -> None:
    first, second = one(type="mark_complete", data=MARK), one(type="mark_complete", data=MARK)
    assert isinstance(first, Outgoing)
    assert isinstance(second, Outgoing)
    assert first.id != second.id


def test_every_type_that_can_be_sent_has_a_short_name_of_its_own() -> None:
    assert list(SHORT) == [
        *("enroll_learner", "unenroll_learner", "record_activity", "mark_complete"),
        *("import_completion", "reset_progress", "undo_command", "evaluate_course"),
        *("bulk_enroll", "bulk_mark_complete", "bulk_reset_progress", "bulk_import"),
        *("undo_operation", "control_operation"),
        *("course_structure", "learning_program", "school", "user"),
    ]


BAD = [
    (b"{", "The line is not JSON"),
    (b"\xff", "The line is not UTF-8 at byte 0"),
    (b"[1]", "The line is JSON but not an object"),
    (b'{"data": {}}', "type: is missing"),
    (b'{"type": "mark_complete"}', "data: has to be a JSON object"),
    (b'{"type": "teleport", "data": {}}', "teleport cannot be sent; type is one of"),
    (b'{"type": "school", "data": {"school": "s"}}', "plan: is missing; send it."),
    (b'{"type": "school", "data": {}, "payload": 1}', "payload: a line has type, id and data"),
    (orjson.dumps({"type": "mark_complete", "id": "a b", "data": MARK}), "printable ASCII"),
    (orjson.dumps({"type": "mark_complete", "id": 7, "data": MARK}), "has to be a string"),
]


@pytest.mark.parametrize(("line", "saying"), BAD)
def test_a_bad_line_says_what_to_do_and_leaves_its_neighbours(line: bytes, saying: str) -> None:
    good = orjson.dumps({"type": "mark_complete", "data": MARK})
    before, bad, after = read([good, b"  ", line, good])
    assert isinstance(bad, BadLine)
    assert bad.line == 3
    assert saying in bad.problem
    assert isinstance(before, Outgoing)
    assert isinstance(after, Outgoing)
    assert (before.line, after.line) == (1, 4)
