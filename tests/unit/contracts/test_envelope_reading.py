"""CloudEvents 1.0 is read in binary and in structured mode (contracts.md)."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from contracts.envelope import Envelope, EnvelopeError, header, legible, parse_object, read

BINARY = {
    "ce_specversion": b"1.0",
    "ce_id": b"m-1",
    "ce_type": b"coursemark.commands.mark_complete.v1",
    "ce_source": b"/a/producer",
}
STRUCTURED = {
    "specversion": "1.0",
    "id": "m-1",
    "type": "coursemark.commands.mark_complete.v1",
    "source": "/a/producer",
    "data": {"school": "riverside"},
}
SAME = Envelope(
    "m-1", "coursemark.commands.mark_complete.v1", "/a/producer", b'{"school":"riverside"}'
)


def test_binary_mode() -> None:
    assert read(SAME.data, list(BINARY.items())) == SAME


@pytest.mark.parametrize(
    "content_type",
    [None, b"application/cloudevents+json", b"application/cloudevents+json; charset=utf-8"],
)
def test_structured_mode_with_and_without_its_content_type(content_type: bytes | None) -> None:
    """A plain kcat line, which carries no header, can be a command."""
    assert read(json.dumps(STRUCTURED).encode(), [("content-type", content_type)]) == SAME


def test_the_body_wins_where_the_content_type_says_structured() -> None:
    headers = [*BINARY.items(), ("content-type", b"application/cloudevents+json")]
    body = json.dumps(STRUCTURED | {"id": "m-2"}).encode()
    assert read(body, headers) == SAME._replace(id="m-2")


def test_binary_mode_keeps_the_body_byte_for_byte() -> None:
    for body in (b"", b"not json", b"\xff\x00", b'{"a": 1.50}'):
        assert read(body, list(BINARY.items())).data == body


def test_what_json_has_no_number_for_is_left_to_the_field_to_refuse() -> None:
    body = json.dumps(STRUCTURED | {"data": {"score": float("nan")}}).encode()
    assert read(body, []).data == b'{"score":NaN}'


def test_structured_data_in_base64_is_the_bytes_it_encodes() -> None:
    body = STRUCTURED | {"data": None, "data_base64": base64.b64encode(SAME.data).decode()}
    assert read(json.dumps(body).encode(), []) == SAME


def test_other_attributes_come_along_and_foreign_headers_do_not() -> None:
    headers = [
        *BINARY.items(),
        ("ce_subject", b"riverside/u-1204"),
        ("ce_time", b"2024-05-01T10:00:00Z"),
        ("ce_sequence", b"5"),
        ("traceparent", b"00-aa-bb-01"),
        ("tracestate", None),
        ("x-foreign", b"\xff"),
        ("content-type", b"application/json"),
    ]
    found = read(b"{}", headers)
    assert (found.subject, found.time) == ("riverside/u-1204", "2024-05-01T10:00:00Z")
    assert found.attributes == {"sequence": "5", "traceparent": "00-aa-bb-01"}


def test_a_trace_from_the_headers_stays_beside_a_structured_body() -> None:
    found = read(json.dumps(STRUCTURED).encode(), [("traceparent", b"00-aa-bb-01")])
    assert found.attributes == {"traceparent": "00-aa-bb-01"}


def structured(**changes: Any) -> bytes:
    return json.dumps({k: v for k, v in (STRUCTURED | changes).items() if v is not ...}).encode()


def test_an_error_repeats_little_of_what_came() -> None:
    for body, headers in [
        (structured(specversion="2" * 10_000), []),
        (b"{}", [(f"ce_{'x' * 10_000}", b"\xff")]),
        (b"{" * 10_000, []),
    ]:
        with pytest.raises(EnvelopeError) as refused:
            read(body, headers)
        assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("value", "headers", "code", "says"),
    [
        (None, BINARY, "no_body", "send a CloudEvent"),
        (b"\xff{}", {}, "not_utf8", "at byte 0"),
        (b"{}", BINARY | {"ce_id": b"\xff"}, "not_utf8", "ce_id"),
        (b"{}", BINARY | {"traceparent": b"\xff"}, "not_utf8", "traceparent"),
        (b"", {}, "not_json", "ends too early at line 1 column 0; send one whole"),
        (b"garbage", {}, "not_json", "line 1 column 1"),
        (b"\xef\xbb\xbf{}", {}, "not_json", "byte order mark; send it without"),
        (b'{"a": ' + b"9" * 5_000, {}, "not_json", "too many digits at line 1"),
        (b'{"a": "\n"}', {}, "not_json", "control character in a string at line 2 column 0; write"),
        (b"{}{}", {}, "not_json", "more follows after its end at line 1 column 3"),
        (b'{"id": "\\ud800"}', {}, "not_json", "lone surrogate at line 1 column 15; write"),
        (b'{"id": "\\ud800x"}', {}, "not_json", "lone surrogate at line 1 column"),
        (b'{"id": "\\udc00\\ud800"}', {}, "not_json", "lone surrogate at line 1 column"),
        (b"[" * 1_000 + b"]" * 1_000, {}, "not_json", "nested too deeply at line 1"),
        (b"[]", {}, "wrong_shape", "not an object"),
        (b'"text"', {}, "wrong_shape", "not an object"),
        (structured(data_base64="%%%"), {}, "wrong_shape", "data_base64"),
        (structured(data_base64=7), {}, "wrong_shape", "data_base64"),
        (b"{}", {}, "missing_header", "ce_specversion, ce_id, ce_type and ce_source"),
        (b"{}", {"ce_id": b"m-1"}, "missing_header", "ce_specversion"),
        (
            b"{}",
            BINARY | {"content-type": b"application/cloudevents+json"},
            "missing_header",
            "has no specversion; send it there, or send application/json",
        ),
        (b"{}", BINARY | {"ce_id": b""}, "missing_header", "ce_id"),
        (b"{}", BINARY | {"ce_type": None}, "missing_header", "ce_type"),
        (structured(data=...), {}, "no_body", "has no data; send"),
        (structured(data=None), {}, "no_body", "has no data; send"),
        (structured(source=...), {}, "missing_header", "source"),
        (structured(id=7), {}, "missing_header", "id"),
        (structured(specversion=1.0), {}, "missing_header", "specversion"),
        (b"{}", BINARY | {"ce_specversion": b"0.3"}, "unsupported_specversion", "send 1.0"),
        (structured(specversion="2.0"), {}, "unsupported_specversion", "send 1.0"),
    ],
)
def test_what_is_no_cloud_event_is_refused_with_a_code_and_what_to_do(
    value: bytes | None, headers: dict[str, bytes | None], code: str, says: str
) -> None:
    with pytest.raises(EnvelopeError, match=says) as refused:
        read(value, list(headers.items()))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("value", "headers", "found"),
    [
        (b"{}", BINARY | {"traceparent": b"\xff"}, SAME._replace(data=b"{}")),
        (b"{}", BINARY | {"ce_source": None}, SAME._replace(source="", data=b"{}")),
        (None, BINARY, SAME._replace(data=b"")),
        (structured(source=7), {}, SAME._replace(source="")),
        (structured(id=7), {"ce_id": b"m-1"}, SAME),
        (b"\xff", {"ce_id": b"\xff"}, Envelope("", "", "", b"\xff")),
        (b"[]", {}, Envelope("", "", "", b"[]")),
    ],
)
def test_what_is_legible_of_a_refused_message_tells_whom_to_answer(
    value: bytes | None, headers: dict[str, bytes | None], found: Envelope
) -> None:
    read_off = legible(value, list(headers.items()))
    assert (*read_off[:4],) == (*found[:4],)


def test_no_bytes_at_all_make_it_fail_in_another_way() -> None:
    """Whatever a stranger sends is read or refused; the consumer goes on."""
    for value in (
        bytes(range(256)),
        b"{",
        b"null",
        b"\xef\xbb\xbf{}",
        b'{"a":1e999}',
        b"9" * 5_000,
    ):
        with pytest.raises(EnvelopeError):
            read(value, [])


def test_an_object_is_parsed_for_those_who_read_bodies() -> None:
    assert parse_object('{"é": [1, 2.5, null]}'.encode()) == {"é": [1, 2.5, None]}


def test_the_first_header_of_a_name_is_found() -> None:
    headers = [("a", b"1"), ("b", None), ("a", b"2")]
    assert [header(headers, name) for name in "abc"] == [b"1", None, None]
