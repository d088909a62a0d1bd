"""CloudEvents 1.0 on Kafka, read in binary and structured mode, written in binary mode.

Sources: CloudEvents 1.0.2 §2 (attributes), its JSON format §3, its Kafka protocol binding §3.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import pydantic_core

from .problems import json_problem

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
        raise EnvelopeError("no_body", "the record has no value; send a CloudEvent")
    attributes = _attributes(headers)
    content_type = attributes.pop("content-type", "")
    if content_type.startswith(STRUCTURED) or "specversion" not in attributes:
        return _structured(value, attributes)
    return _envelope(attributes, value)


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
_SHOWN = 50
"""Characters of what came that an error repeats."""


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
                "not_utf8", f"the header {name[:_SHOWN]} is not UTF-8; encode it in UTF-8"
            ) from None
    return attributes


def _structured(value: bytes, outer: dict[str, str]) -> Envelope:
    body = parse_object(value)
    if "specversion" not in body:
        raise EnvelopeError(
            "missing_header",
            "there is no ce_specversion header and the body is no structured CloudEvent; "
            "send ce_specversion, ce_id, ce_type and ce_source",
        )
    data = _data(body)
    inner = {name: text for name, text in body.items() if isinstance(text, str)}
    inner.pop("datacontenttype", None)
    return _envelope({**outer, **inner}, data)


def _data(body: dict[str, Any]) -> bytes:
    encoded = body.pop("data_base64", None)  # JSON format §3.1.1: some SDKs write bytes so
    if encoded is None:
        return pydantic_core.to_json(body.pop("data", None))
    try:
        return base64.b64decode(encoded, validate=True)
    except (TypeError, ValueError):
        raise EnvelopeError(
            "wrong_shape", "data_base64 is not base64; send the body as JSON in data"
        ) from None


def _envelope(attributes: dict[str, str], data: bytes) -> Envelope:
    rest = dict(attributes)
    required = [_take(rest, name) for name in ("specversion", "id", "type", "source")]
    if required[0] != SPEC_VERSION:
        raise EnvelopeError(
            "unsupported_specversion",
            f"CloudEvents {required[0][:_SHOWN]} is not read; send {SPEC_VERSION}",
        )
    subject, time = rest.pop("subject", None), rest.pop("time", None)
    return Envelope(required[1], required[2], required[3], data, subject, time, rest)


def _take(attributes: dict[str, str], name: str) -> str:
    text = attributes.pop(name, "")
    if not text:
        raise EnvelopeError("missing_header", f"the attribute {name} (header ce_{name}) is missing")
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
            "not_utf8", f"the body is not UTF-8 at byte {error.start}; encode it in UTF-8"
        ) from None
    try:
        body = pydantic_core.from_json(value, allow_inf_nan=False)
    except ValueError as error:
        raise EnvelopeError(
            "not_json", f"the body is not JSON: {json_problem(str(error))}"
        ) from None
    if not isinstance(body, dict):
        raise EnvelopeError("wrong_shape", "the body is JSON but not an object; send one object")
    return body


def header(headers: Iterable[tuple[str, bytes | None]], name: str) -> bytes | None:
    """The first header of that name."""
    return next((raw for key, raw in headers if key == name), None)
