"""A file of JSON lines: ``{"type": "mark_complete", "id": ..., "data": {...}}``."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import orjson

from contracts.envelope import EnvelopeError, parse_object
from services.cli.send.outgoing import NotSendableError, Outgoing, prepare

_FIELDS = {"type", "id", "data"}


class BadLine(NamedTuple):
    """A line that cannot be sent, and why."""

    line: int
    problem: str


def read(lines: Iterable[bytes]) -> Iterator[Outgoing | BadLine]:
    """Each line that is not blank, counted from 1."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _outgoing(number, line)
            except NotSendableError as error:
                yield BadLine(number, str(error))


def _outgoing(number: int, line: bytes) -> Outgoing:
    try:
        body = parse_object(line)
    except EnvelopeError as error:
        raise NotSendableError(str(error).replace("The body", "The line")) from None
    unknown = sorted(body.keys() - _FIELDS)
    if unknown:
        raise NotSendableError(f"{unknown[0][:100]}: a line has type, id and data alone.")
    name, id_, data = body.get("type"), body.get("id"), body.get("data")
    if not isinstance(name, str):
        raise NotSendableError('type: is missing; send "mark_complete", for example.')
    if not isinstance(data, dict):
        raise NotSendableError("data: has to be a JSON object.")
    return prepare(number, name, orjson.dumps(data), id_)
