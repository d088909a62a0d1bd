"""A Kafka record becomes a command, or the reason why it is none."""

from hashlib import blake2b
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from contracts import registry, topics
from contracts.commands import Command
from contracts.envelope import Envelope, EnvelopeError, parse_object, read
from contracts.fields import CommandId
from contracts.problems import details, sentence
from services.runtime.bus.letters import Problem
from services.runtime.bus.record import Record
from services.runtime.topology import TOPICS

LARGEST = TOPICS[topics.COMMANDS].max_message_bytes
LONGEST_ID = 200
"""Characters of an id that a result repeats; a longer one says nothing to a person."""

_command_id = TypeAdapter(CommandId)


class Incoming(NamedTuple):
    """A command as it came; ``fingerprint`` tells its body from another under the same id."""

    key: bytes
    command_id: str
    type: str
    command: Command
    fingerprint: bytes
    trace: str | None = None


class Invalid(NamedTuple):
    """No command, but its sender can be told: there is an id and a school to answer to."""

    key: bytes
    command_id: str
    type: str | None
    school: str
    learner: str | None
    course: str | None
    message: str
    details: dict[str, Any]
    trace: str | None = None


class _RefusedError(Exception):
    def __init__(self, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.details = details or {}


def receive(record: Record) -> Incoming | Invalid | Problem:
    """Read a record; a ``Problem`` is one that no result can be addressed for."""
    try:
        envelope = read(record.value, record.headers)
    except EnvelopeError as error:
        return Problem(error.code, str(error))
    try:
        return _command(record, envelope)
    except (_RefusedError, EnvelopeError) as error:
        return _addressed(record, envelope, error)


def _command(record: Record, envelope: Envelope) -> Incoming:
    if len(record.value or b"") > LARGEST:
        raise _RefusedError(
            f"The message has more than {LARGEST:,} bytes; split the command into several."
        )
    model = registry.COMMANDS.get(envelope.type)
    if model is None:
        raise _RefusedError(
            f"{envelope.type[:LONGEST_ID]} is no command of this version of Coursemark; "
            f"ce_type is one of {', '.join(registry.COMMANDS)}."
        )
    try:
        command = model.model_validate_json(envelope.data)
    except ValidationError as error:
        parse_object(envelope.data)  # not UTF-8, not JSON or no object: says so better
        raise _RefusedError(sentence(error), {"problems": details(error)}) from None
    _check_key(record.key, command)
    return Incoming(
        key=record.key or b"",
        command_id=envelope.id,
        type=envelope.type,
        command=command,
        fingerprint=fingerprint(envelope.type, command),
        trace=envelope.attributes.get("traceparent"),
    )


def fingerprint(name: str, command: Command) -> bytes:
    """A digest of what is asked for; another spelling of the same JSON has the same."""
    return blake2b(name.encode() + b"\n" + command.to_json(), digest_size=16).digest()


def _check_key(key: bytes | None, command: Command) -> None:
    wanted = topics.learner_key(command.school, command.learner)
    if key == wanted.encode():
        return
    what = "has no key" if key is None else "has the key of another learner or school"
    raise _RefusedError(f"The message {what}; send this command with the key {wanted}.")


def _addressed(
    record: Record, envelope: Envelope, error: _RefusedError | EnvelopeError
) -> Invalid | Problem:
    """Whom to answer: the school of the key, or of the body where there is no key."""
    try:
        _command_id.validate_python(envelope.id)
    except ValidationError:
        return Problem("invalid_command_id", f"ce_id cannot be a command's id. {error}")
    body = _body(envelope)
    from_key = _school_of(record.key)
    school = from_key or body.get("school")
    if not isinstance(school, str) or not 0 < len(school) <= LONGEST_ID:
        return Problem("no_school", f"Neither key nor body names a school to answer to. {error}")
    return Invalid(
        key=record.key or topics.learner_key(school, _short(body.get("learner")) or "").encode(),
        command_id=envelope.id,
        type=envelope.type[:LONGEST_ID],
        school=school,
        learner=_short(body.get("learner")),
        course=_short(body.get("course")),
        message=str(error),
        details=error.details if isinstance(error, _RefusedError) else {"problem": error.code},
        trace=envelope.attributes.get("traceparent"),
    )


def _body(envelope: Envelope) -> dict[str, Any]:
    try:
        return parse_object(envelope.data)
    except EnvelopeError:
        return {}


def _school_of(key: bytes | None) -> str | None:
    try:
        return (key or b"").decode().split("/")[0] or None
    except UnicodeDecodeError:
        return None


def _short(text: object) -> str | None:
    return text if isinstance(text, str) and len(text) <= LONGEST_ID else None
