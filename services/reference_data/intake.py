"""A record of a compacted topic becomes a model, or the reason why it is none."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from contracts import topics
from contracts.envelope import EnvelopeError, parse_object, read
from contracts.model import Contract
from contracts.problems import sentence, shown
from services.runtime.bus.letters import Problem
from services.runtime.bus.record import Record
from services.runtime.topology import TOPICS

M = TypeVar("M", bound=Contract)
LARGEST = max(TOPICS[topic].max_message_bytes for topic in (topics.CATALOG, topics.DIRECTORY))
"""Bytes of a body; an event holds the whole structure, and has to fit on its own topic."""


def receive(record: Record, models: Mapping[str, type[M]]) -> M | Problem:
    """Read a record as one of the types that its topic carries."""
    if len(record.value or b"") > LARGEST:
        return Problem(
            "too_large",
            f"The message has more than {LARGEST:,} bytes; shorten titles, or split the course.",
        )
    try:
        envelope = read(record.value, record.headers)
        model = models.get(envelope.type)
        if model is None:
            return Problem(
                "unknown_type",
                f"{shown(envelope.type)} does not belong on this topic; "
                f"send one of {', '.join(models)}.",
            )
        try:
            return model.model_validate_json(envelope.data)
        except ValidationError as error:
            parse_object(envelope.data)  # not UTF-8, not JSON or no object: says so better
            return Problem("invalid_message", sentence(error))
    except EnvelopeError as error:
        return Problem(error.code, str(error))


def check_key(record: Record, wanted: str) -> Problem | None:
    """Compaction keeps the last record of a key, so a wrong key would lose another's record."""
    if record.key == wanted.encode():
        return None
    what = "another key" if record.key else "no key"
    return Problem("wrong_key", f"The message has {what}; send it with the key {wanted}.")
