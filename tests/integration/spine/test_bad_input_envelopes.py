"""Headers, keys and structured events that are wrong: answered wherever somebody can be (B2)."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from contracts.envelope import STRUCTURED, header
from tests.support.bad import (
    RECORD,
    Became,
    Case,
    assert_became,
    binary,
    marking,
    open_school,
    record,
    recording,
    settle_all,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.standing import Standing

SOUND = recording()
Headers = dict[str, bytes | None]


def headers(
    about: str, changes: Headers, says: str, code: str = "invalid_command", *, dead: bool = False
) -> Case:
    """A case that differs from a sound command in its headers alone; ``b"..."`` takes one out."""

    def made(id_: str) -> Any:
        found = binary(id_, RECORD) | changes
        return record(SOUND, {name: raw for name, raw in found.items() if raw != b"..."})

    return Case(about, made, code, says, dead)


def key(about: str, bytes_: bytes | None, says: str, value: bytes = SOUND) -> Case:
    """A case that differs from a sound command in its key alone."""
    return Case(
        about, lambda id_: record(value, binary(id_, RECORD), bytes_), "invalid_command", says
    )


def event(
    about: str,
    changes: dict[str, Any],
    says: str,
    code: str = "invalid_command",
    *,
    dead: bool = False,
    more: Sequence[tuple[str, bytes | None]] = (),
) -> Case:
    """A case that differs from a sound structured event; ``...`` takes an attribute out."""

    def made(id_: str) -> Any:
        whole = {
            "specversion": "1.0",
            "id": id_,
            "type": RECORD,
            "source": "/tests",
            "data": json.loads(SOUND),
        } | changes
        text = json.dumps({name: it for name, it in whole.items() if it is not ...})
        return record(text.encode(), more)

    return Case(about, made, code, says, dead)


def missing(name: str) -> str:
    return f"The attribute {name} is missing; send it as text, in binary mode as the header ce_"


def no_id(about: str, id_: bytes) -> Case:
    return headers(
        about, {"ce_id": id_}, "send 1 to 128 printable ASCII", "invalid_command_id", dead=True
    )


NO_EVENT = "There is no ce_specversion header and the body is no structured CloudEvent; send"
ANOTHERS = "has another key than its learner's; send it with the key riverside/u-1."
HEADERS = [
    headers(
        "no headers",
        dict.fromkeys(binary("", RECORD), b"..."),
        NO_EVENT,
        "missing_header",
        dead=True,
    ),
    headers("no ce_specversion", {"ce_specversion": b"..."}, NO_EVENT),
    headers("no ce_id", {"ce_id": b"..."}, missing("id"), "missing_header", dead=True),
    headers("no ce_type", {"ce_type": b"..."}, missing("type")),
    headers("no ce_source", {"ce_source": b"..."}, missing("source")),
    headers("ce_specversion without a value", {"ce_specversion": None}, NO_EVENT),
    headers("ce_id without a value", {"ce_id": None}, missing("id"), "missing_header", dead=True),
    headers("ce_type without a value", {"ce_type": None}, missing("type")),
    headers("an empty ce_source", {"ce_source": b""}, missing("source")),
    headers(
        "ce_id in Latin-1", {"ce_id": b"\xe9"}, "ce_id is not UTF-8; encode", "not_utf8", dead=True
    ),
    headers(
        "ce_type in Latin-1", {"ce_type": b"\xe9"}, "The header ce_type is not UTF-8; encode it"
    ),
    headers("ce_source in Latin-1", {"ce_source": b"\xe9"}, "The header ce_source is not UTF-8"),
    headers("a trace that is not UTF-8", {"traceparent": b"\xff"}, "The header traceparent is not"),
    headers(
        "CloudEvents 0.3", {"ce_specversion": b"0.3"}, "CloudEvents 0.3 is not read; send 1.0."
    ),
    headers(
        "an unknown type", {"ce_type": b"mark"}, "mark is no command of this version of Course"
    ),
    headers(
        "an unknown version",
        {"ce_type": RECORD[:-1].encode() + b"2"},
        "is no command of this version of Coursemark; send one of coursemark.commands.enr",
    ),
    headers(
        "a result's type", {"ce_type": b"coursemark.results.command_accepted.v1"}, "is no command"
    ),
    headers(
        "a type of 1,000 characters", {"ce_type": b"x" * 1_000}, "xxx is no command of this ver"
    ),
    headers(
        "a type with a NUL", {"ce_type": b"a\0"}, "is no command of this version of Coursemark;"
    ),
    no_id("an id with a space", b"a b"),
    no_id("an id of 1,000 characters", b"x" * 1_000),
    no_id("an id with a NUL", b"a\0"),
    no_id("an id that is not ASCII", "é".encode()),
    headers("a foreign header that is not UTF-8", {"x-foreign": b"\xff"}, "", "accepted"),
    headers("a foreign header without a value", {"x-foreign": None}, "", "accepted"),
    headers("a content-type of its own", {"content-type": b"text/avro"}, "", "accepted"),
    headers("a trace that is none", {"traceparent": b"x" * 50_000}, "", "accepted"),
    headers(
        "structured in name alone", {"content-type": STRUCTURED.encode()}, "it has no specversion; "
    ),
    Case(
        "a tombstone",
        lambda id_: record(None, binary(id_)),
        "invalid_command",
        "The record has no value; send a CloudEvent.",
    ),
    Case(
        "a tombstone without headers",
        lambda _: record(None, {}),
        "no_body",
        "has no value",
        dead=True,
    ),
    Case("nothing at all", lambda _: record(None, {}, None), "no_body", "has no value", dead=True),
]
KEYS = [
    key("no key", None, "has no key; send it with the key riverside/u-1."),
    key("an empty key", b"", "has no key; send it with the key riverside/u-1."),
    key("another learner's key", b"riverside/u-2", ANOTHERS),
    key("another school's key", b"lakeside/u-1", ANOTHERS),
    key("a school's key", b"riverside", ANOTHERS),
    key("a stream's name as the key", b"riverside/u-1/biology", ANOTHERS),
    key("a slash", b"/", ANOTHERS),
    key("a key that is not UTF-8", b"\xff/u-1", ANOTHERS),
    key("a key with a NUL", b"riverside/u-1\0", ANOTHERS),
    key("a key of 10,000 characters", b"x" * 10_000, ANOTHERS),
    Case(
        "no key and no school",
        lambda id_: record(b"[]", binary(id_), None),
        "wrong_shape",
        "not an object; send one object. Neither key nor body names a school to answer to.",
        dead=True,
    ),
    Case(
        "a school too long to be answered",
        lambda id_: record(marking(school="x" * 1_000), binary(id_), None),
        "invalid_command",
        "Neither key nor body names a school to answer to.",
        dead=True,
    ),
]
EVENTS = [
    event("as kcat sends it", {}, "", "accepted"),
    event(
        "with its content-type", {}, "", "accepted", more=[("content-type", STRUCTURED.encode())]
    ),
    event("extensions of any kind", {"a": None, "b": [1], "c": {"d": 1}, "e": 7}, "", "accepted"),
    event("a trace of 50,000 characters", {"traceparent": "x" * 50_000}, "", "accepted"),
    event("no specversion", {"specversion": ...}, NO_EVENT, "missing_header", dead=True),
    event("specversion as a number", {"specversion": 1.0}, missing("specversion")),
    event("specversion 2.0", {"specversion": "2.0"}, "CloudEvents 2.0 is not read; send 1.0."),
    event("no id in it", {"id": ...}, missing("id"), "missing_header", dead=True),
    event("an id that is a number", {"id": 7}, missing("id"), "missing_header", dead=True),
    event("no type in it", {"type": ...}, missing("type")),
    event("a type that is a list", {"type": [RECORD]}, missing("type")),
    event("no source in it", {"source": ...}, missing("source")),
    event("no data", {"data": ...}, "The event has no data; send a JSON object there."),
    event("data as text", {"data": SOUND.decode()}, "JSON but not an object; send one object."),
    event("data as a list", {"data": [json.loads(SOUND)]}, "JSON but not an object; send one"),
    event(
        "a score past all numbers",
        {"data": json.loads(recording(signal={"kind": "submission", "score": float("inf")}))},
        "score: has to be a finite number.",
    ),
    event("base64", {"data": ..., "data_base64": base64.b64encode(SOUND).decode()}, "", "accepted"),
    event(
        "no base64", {"data_base64": "%%%"}, "data_base64 is not base64; send the body as JSON in"
    ),
    event("garbage in base64", {"data_base64": "AAAA"}, "The body is not JSON: expected value at"),
    event("a number for base64", {"data_base64": 7}, "data_base64 is not base64; send the body as"),
    Case(
        "several events",
        lambda _: record(b"[{}, {}]", {}),
        "wrong_shape",
        "not an object",
        dead=True,
    ),
    Case(
        "a nested event",
        lambda _: record(b'{"specversion":"1.0","data":' + b"[" * 10_000, {}),
        "not_json",
        "nested too deeply",
        dead=True,
    ),
    Case(
        "an event behind a byte order mark",
        lambda _: record(b"\xef\xbb\xbf{}", {}),
        "not_json",
        "byte order mark",
        dead=True,
    ),
    Case(
        "a line of garbage",
        lambda _: record(b"garbage\n", {}),
        "not_json",
        "expected value at line 1",
        dead=True,
    ),
    Case(
        "bytes",
        lambda _: record(bytes(range(256)), {}),
        "not_utf8",
        "not UTF-8 at byte 128",
        dead=True,
    ),
    Case(
        "an id twice",
        lambda id_: record(b'{"id":"first",' + event("", {}, "").make(id_).value[1:], {}),
        "accepted",
        "",
    ),
]
CASES = [*HEADERS, *KEYS, *EVENTS]


@pytest_asyncio.fixture(scope="module")
async def became(spine: Standing) -> dict[str, Became]:
    await open_school(spine)
    return await settle_all(spine, CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_b2_it_is_answered_or_buried(became: dict[str, Became], case: Case) -> None:
    assert_became(case, became[case.about])


def test_a_trace_goes_on_where_it_is_one(became: dict[str, Became]) -> None:
    """A result repeats no 50,000 characters that somebody called a trace."""
    for about in ("a trace that is none", "a trace of 50,000 characters"):
        assert header(became[about].outcome.record.headers, "traceparent") is None
