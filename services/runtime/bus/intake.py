"""A record becomes one of the models that its topic carries, or the reason why it is none."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from contracts.envelope import EnvelopeError, parse_object, read
from contracts.model import Contract
from contracts.problems import sentence, shown
from services.runtime.bus.letters import Problem
from services.runtime.bus.record import Record
from services.runtime.topology import TOPICS

M = TypeVar("M", bound=Contract)


def receive(record: Record, models: Mapping[str, type[M]], topic: str) -> M | Problem:
    """Read a record of a topic as one of the types that it carries.

    The topic's own limit counts whatever somebody made of it: an event holds a whole structure,
    and has to fit on its topic in turn.
    """
    largest = TOPICS[topic].max_message_bytes
    if len(record.value or b"") > largest:
        return Problem(
            "too_large",
            f"The message has more than {largest:,} bytes; shorten titles, or split the course.",
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
