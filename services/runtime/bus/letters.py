"""Dead letters: what could not be handled, with its error, its origin and its own bytes."""

from typing import NamedTuple

from contracts import topics
from services.runtime.bus.client import Connection
from services.runtime.bus.outbox import Message
from services.runtime.bus.record import Record

MARK = "coursemark_"
"""Stands before the headers that we add; the record's own follow as they came."""


class Problem(NamedTuple):
    """Why a record is a dead letter: a stable code and a sentence."""

    code: str
    message: str


def dead_letter(record: Record, problem: Problem, connection: Connection) -> Message:
    """The record for the dead-letter topic of the topic that it came from."""
    topic = record.topic.removeprefix(connection.prefix)
    return Message(
        topic=topics.dead(topic),
        key=record.key,
        value=record.value,
        headers=[*_marks(record, topic, problem), *(h for h in record.headers if not _is_mark(h))],
    )


def without_bytes(letter: Message) -> Message:
    """The same letter without the record's bytes, where Kafka refuses them as too large."""
    size = str(len(letter.value or b"")).encode()
    marks = filter(_is_mark, letter.headers)
    return letter._replace(value=None, headers=[*marks, (f"{MARK}dropped_bytes", size)])


def _marks(record: Record, topic: str, problem: Problem) -> list[tuple[str, bytes]]:
    marks = {
        "error_code": problem.code,
        "error": problem.message,
        "topic": topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "timestamp": str(record.timestamp),
    }
    return [(MARK + name, text.encode("utf-8", "replace")) for name, text in marks.items()]


def _is_mark(header: tuple[str, bytes | None]) -> bool:
    return header[0].startswith(MARK)
