"""A record becomes a command, or an answer to its sender, or a dead letter (B1, B2)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.commands import EnrollLearner, RecordActivity, UnenrollLearner, Visit
from contracts.fields import EPOCH
from services.command_worker.intake import receive
from services.commands.answers import invalid, of
from services.commands.incoming import Incoming, Invalid
from services.runtime.bus.letters import Problem
from tests.support.bad import KEY, RECORD, WHO, binary, marking, record, recording
from tests.support.records import Received, received
from tests.support.stack import message

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def taken(value: bytes | None, key: bytes | None = KEY, **changes: Any) -> Received:
    return received(record(value, binary("c-1", RECORD), key))._replace(**changes)


def command(value: bytes, **changes: Any) -> Incoming:
    got = receive(taken(value, **changes))
    assert isinstance(got, Incoming), got
    return got


def refusal(value: bytes | None, **changes: Any) -> Invalid:
    got = receive(taken(value, **changes))
    assert isinstance(got, Invalid), got
    return got


def test_a_sound_record_is_a_command() -> None:
    sent = RecordActivity(**WHO, activity="read", signal=Visit())
    got = receive(received(message(sent, "c-1")))
    assert isinstance(got, Incoming)
    assert (got.key, got.command_id, got.type, got.command) == (KEY, "c-1", RECORD, sent)
    assert got.arrived == datetime(2024, 5, 1, 9, 30, 0, 123_000, UTC)


def test_b1_another_spelling_of_the_same_command_has_the_same_fingerprint() -> None:
    body = json.loads(recording())
    spelt = json.dumps(dict(reversed(body.items())) | {"source": "kafka", "unknown": 1}, indent=2)
    assert command(recording()).fingerprint == command(spelt.encode()).fingerprint


def test_b1_another_body_or_type_has_another_fingerprint() -> None:
    bodies = [
        recording(),
        recording(activity="read"),
        recording(effective_at="2024-05-01T09:30:00Z"),
        recording(signal={"kind": "submission", "score": 70.5}),
    ]
    assert len({command(body).fingerprint for body in bodies}) == len(bodies)
    enrolling, leaving = (
        receive(received(message(model(**WHO), "c-1")))
        for model in (EnrollLearner, UnenrollLearner)
    )
    assert isinstance(enrolling, Incoming)
    assert isinstance(leaving, Incoming)
    assert enrolling.fingerprint != leaving.fingerprint


@pytest.mark.parametrize(
    ("timestamp", "arrived"),
    [
        (0, EPOCH),
        (-1, EPOCH),
        (1, datetime(1970, 1, 1, 0, 0, 0, 1_000, UTC)),
        (10**17, EPOCH),
        (-(10**17), EPOCH),
        (2**63 - 1, EPOCH),
    ],
)
def test_b1_any_time_that_a_producer_sets_can_be_told_again(
    timestamp: int, arrived: datetime
) -> None:
    """A refusal that no receipt keeps says the record's time, so it is the same each time."""
    got = refusal(b"garbage", timestamp=timestamp)
    assert got.arrived == arrived
    assert of(invalid(got)) == of(invalid(refusal(b"garbage", timestamp=timestamp)))


def test_a_trace_goes_on_and_what_is_none_does_not() -> None:
    headers = [*binary("c-1", RECORD).items(), ("traceparent", TRACE.encode())]
    assert command(recording(), headers=headers).trace == TRACE
    assert refusal(b"[]", headers=headers).trace == TRACE
    headers[-1] = ("traceparent", TRACE.encode() + b"x")
    assert command(recording(), headers=headers).trace is None


@pytest.mark.parametrize(
    ("key", "value", "school", "answered_to"),
    [
        (b"lakeside/u-9", marking(), "lakeside", b"lakeside/u-9"),
        (None, recording(), "riverside", b"riverside/u-1"),
        (b"", recording(learner=7), "riverside", b"riverside/"),
        (b"\xff", recording(), "riverside", b"\xff"),
        (b"/u-1", recording(), "riverside", b"/u-1"),
        (b"x" * 201, recording(), "riverside", b"x" * 201),
    ],
)
def test_b2_the_school_of_the_key_is_answered_or_else_that_of_the_body(
    key: bytes | None, value: bytes, school: str, answered_to: bytes
) -> None:
    got = refusal(value, key=key)
    assert (got.school, got.key) == (school, answered_to)


def test_b2_what_cannot_be_read_is_answered_where_its_id_can() -> None:
    headers = [*binary("c-1", RECORD).items(), ("ce_time", b"\xff")]
    got = refusal(recording(), headers=headers)
    assert (got.command_id, got.type, got.learner, got.course) == (
        "c-1",
        RECORD,
        "u-1",
        "biology",
    )
    assert got.details == {"problem": "not_utf8"}


@pytest.mark.parametrize(
    ("value", "key", "id_", "code"),
    [
        (b"[]", None, "c-1", "wrong_shape"),
        (recording(), KEY, "c 1", "invalid_command_id"),
        (recording(), KEY, "", "missing_header"),
        (None, None, "c-1", "no_body"),
        (marking(school="x" * 201), None, "c-1", "invalid_command"),
    ],
)
def test_b2_whom_nobody_can_answer_is_a_dead_letter(
    value: bytes | None, key: bytes | None, id_: str, code: str
) -> None:
    got = receive(received(record(value, binary(id_, RECORD), key)))
    assert isinstance(got, Problem)
    assert got.code == code
    assert got.message.endswith(".")


def test_b2_the_problems_are_listed_for_programs() -> None:
    got = refusal(recording(learner=7, signal={"kind": "submission", "score": 101}))
    assert got.details == {
        "problems": [
            {"field": "learner", "problem": "has to be a string"},
            {
                "field": "signal.submission.score",
                "problem": "is too large; send 100 or less",
            },
        ]
    }
    assert got.learner is None
