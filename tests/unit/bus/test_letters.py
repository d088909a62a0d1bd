"""A dead letter says why, from where, and holds the record as it came (B2)."""

from __future__ import annotations

from contracts import topics
from services.runtime.bus.client import Connection
from services.runtime.bus.letters import Problem, dead_letter, without_bytes
from services.runtime.bus.outbox import Message
from tests.support.records import Received

CLUSTER = Connection("localhost:9092", prefix="staging.")
PROBLEM = Problem("not_json", "The body is no JSON: “…”; send one JSON object.")
OWN = [("ce_id", b"\xff"), ("empty", b""), ("none", None), ("ce_id", b"again")]
RECORD = Received(f"staging.{topics.COMMANDS}", b"\xffkey", b"\x00\xff", OWN)
MARKS = [
    ("coursemark_error_code", b"not_json"),
    ("coursemark_error", PROBLEM.message.encode()),
    ("coursemark_topic", topics.COMMANDS.encode()),
    ("coursemark_partition", b"3"),
    ("coursemark_offset", b"14"),
    ("coursemark_timestamp", b"1714555800123"),
]


def test_it_holds_the_very_bytes_behind_its_marks() -> None:
    letter = dead_letter(RECORD, PROBLEM, CLUSTER)
    assert letter == Message(topics.dead(topics.COMMANDS), RECORD.key, RECORD.value, [*MARKS, *OWN])


def test_a_letter_that_comes_again_does_not_keep_its_old_marks() -> None:
    """Sent again by hand with all its headers, it tells of the last time alone."""
    again = RECORD._replace(headers=[("coursemark_error_code", b"old"), *OWN])
    assert dead_letter(again, PROBLEM, CLUSTER).headers == [*MARKS, *OWN]


def test_a_sentence_that_is_no_unicode_is_still_told() -> None:
    letter = dead_letter(RECORD, Problem("x", "a\ud800b"), CLUSTER)
    assert dict(letter.headers)["coursemark_error"] == b"a?b"


def test_a_letter_too_large_for_kafka_loses_its_bytes_and_keeps_its_marks() -> None:
    letter = dead_letter(RECORD._replace(value=b"x" * 5_000), PROBLEM, CLUSTER)
    assert without_bytes(letter) == Message(
        letter.topic, RECORD.key, None, [*MARKS, ("coursemark_dropped_bytes", b"5000")]
    )


def test_a_tombstone_has_no_bytes_to_lose() -> None:
    letter = dead_letter(RECORD._replace(value=None, key=None), PROBLEM, CLUSTER)
    assert (letter.key, letter.value) == (None, None)
    assert dict(without_bytes(letter).headers)["coursemark_dropped_bytes"] == b"0"
