"""CloudEvents 1.0 on Kafka, read in binary and structured mode, written in binary mode.

Sources: CloudEvents 1.0.2 §2 (attributes), its JSON format §3, its Kafka protocol binding §3.
"""

import base64
import codecs
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import pydantic_core

from .problems import json_problem, shown

SPEC_VERSION = "1.0"
JSON = "application/json"
STRUCTURED = "application/cloudevents+json"

Headers = Sequence[tuple[str, bytes | None]]


class EnvelopeError(ValueError):
    """A message that is no CloudEvent; ``code`` is stable, the text says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Envelope(NamedTuple):
    """A CloudEvent's attributes and its data as JSON bytes.

    ``attributes`` holds every other attribute that came along, extensions included.
    """

    id: str
    type: str
    source: str
    data: bytes
    subject: str | None = None
    time: str | None = None
    attributes: Mapping[str, str] = MappingProxyType({})


def read(value: bytes | None, headers: Headers) -> Envelope:
    """Read a Kafka record's value and headers.

    Raises:
        EnvelopeError: ``no_body``, ``not_utf8``, ``not_json``, ``wrong_shape``,
            ``missing_header`` or ``unsupported_specversion``.
    """
    if value is None:
        raise EnvelopeError("no_body", "The record has no value; send a CloudEvent.")
    attributes = _attributes(headers)
    declared = attributes.pop("content-type", "").startswith(STRUCTURED)
    if declared or "specversion" not in attributes:
        return _structured(value, attributes, declared=declared)
    return _envelope(attributes, value)


def legible(value: bytes | None, headers: Headers) -> Envelope:
    """What can be read of a message that ``read`` refuses, so that its sender can be told.

    Required attributes that cannot be read are empty.
    """
    attributes: dict[str, str] = {}
    for one in headers:
        with suppress(EnvelopeError):
            attributes |= _attributes([one])
    data = value or b""
    with suppress(EnvelopeError):
        body = parse_object(data)
        if "specversion" in body:
            attributes |= _texts(body)
            data = pydantic_core.to_json(body.get("data"))
    required = [attributes.pop(name, "") for name in ("id", "type", "source")]
    return Envelope(required[0], required[1], required[2], data, attributes=attributes)


def write(envelope: Envelope) -> list[tuple[str, bytes]]:
    """The headers of binary mode; the record's value is ``envelope.data``."""
    headers = [
        ("ce_specversion", SPEC_VERSION),
        ("ce_id", envelope.id),
        ("ce_type", envelope.type),
        ("ce_source", envelope.source),
        ("content-type", JSON),
    ]
    if envelope.subject is not None:
        headers.append(("ce_subject", envelope.subject))
    if envelope.time is not None:
        headers.append(("ce_time", envelope.time))
    headers += [
        (name if name in _BARE else f"ce_{name}", text)
        for name, text in envelope.attributes.items()
    ]
    return [(name, text.encode()) for name, text in headers]


def timestamp(instant: datetime) -> str:
    """RFC 3339 in UTC, as ``ce_time`` wants it."""
    return instant.isoformat().replace("+00:00", "Z")


_BARE = frozenset({"traceparent", "tracestate"})
_NO_EVENT = {
    False: "There is no ce_specversion header and the body is no structured CloudEvent; "
    "send the headers ce_specversion, ce_id, ce_type and ce_source.",
    True: "The content-type says that the body is a CloudEvent, and it has no specversion; "
    f"send it there, or send {JSON} and the headers ce_specversion, ce_id, ce_type and ce_source.",
}
"""By whether the content-type says structured mode."""


def _attributes(headers: Headers) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for name, raw in headers:
        known = name.startswith("ce_") or name == "content-type" or name in _BARE
        if not known or raw is None:
            continue
        try:
            attributes[name.removeprefix("ce_")] = raw.decode()
        except UnicodeDecodeError:
            raise EnvelopeError(
                "not_utf8", f"The header {shown(name)} is not UTF-8; encode it in UTF-8."
            ) from None
    return attributes


def _structured(value: bytes, outer: dict[str, str], *, declared: bool) -> Envelope:
    body = parse_object(value)
    if "specversion" not in body:
        raise EnvelopeError("missing_header", _NO_EVENT[declared])
    data = _data(body)
    inner = _texts(body)
    inner.pop("datacontenttype", None)
    return _envelope({**outer, **inner}, data)


def _texts(body: dict[str, Any]) -> dict[str, str]:
    return {name: text for name, text in body.items() if isinstance(text, str)}


def _data(body: dict[str, Any]) -> bytes:
    data, encoded = body.pop("data", None), body.pop("data_base64", None)
    if encoded is None and data is None:
        raise EnvelopeError("no_body", "The event has no data; send a JSON object there.")
    if encoded is None:  # JSON format §3.1.1: some SDKs write bytes in base64
        return pydantic_core.to_json(data)
    try:
        return base64.b64decode(encoded, validate=True)
    except (TypeError, ValueError):
        raise EnvelopeError(
            "wrong_shape", "data_base64 is not base64; send the body as JSON in data."
        ) from None


def _envelope(attributes: dict[str, str], data: bytes) -> Envelope:
    rest = dict(attributes)
    required = [_take(rest, name) for name in ("specversion", "id", "type", "source")]
    if required[0] != SPEC_VERSION:
        raise EnvelopeError(
            "unsupported_specversion",
            f"CloudEvents {shown(required[0])} is not read; send {SPEC_VERSION}.",
        )
    subject, time = rest.pop("subject", None), rest.pop("time", None)
    return Envelope(required[1], required[2], required[3], data, subject, time, rest)


def _take(attributes: dict[str, str], name: str) -> str:
    text = attributes.pop(name, "")
    if not text:
        raise EnvelopeError(
            "missing_header",
            f"The attribute {name} is missing; send it as text, in binary mode as the header "
            f"ce_{name}.",
        )
    return text


def parse_object(value: bytes) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        EnvelopeError: ``not_utf8``, ``not_json`` or ``wrong_shape``.
    """
    try:
        value.decode()
    except UnicodeDecodeError as error:
        raise EnvelopeError(
            "not_utf8", f"The body is not UTF-8 at byte {error.start}; encode it in UTF-8."
        ) from None
    if value.startswith(codecs.BOM_UTF8):
        raise EnvelopeError(
            "not_json", "The body begins with a byte order mark; send it without those three bytes."
        )
    try:
        body = pydantic_core.from_json(value)  # with NaN, which the field it stands in refuses
    except ValueError as error:
        raise EnvelopeError(
            "not_json", f"The body is not JSON: {json_problem(str(error))}."
        ) from None
    if not isinstance(body, dict):
        raise EnvelopeError("wrong_shape", "The body is JSON but not an object; send one object.")
    return body


def header(headers: Iterable[tuple[str, bytes | None]], name: str) -> bytes | None:
    """The first header of that name."""
    return next((raw for key, raw in headers if key == name), None)
