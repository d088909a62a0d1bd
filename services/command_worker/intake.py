"""A Kafka record becomes a command, or the reason why it is none."""

import re
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from contracts import registry, topics
from contracts.commands import Command
from contracts.envelope import Envelope, EnvelopeError, legible, parse_object, read
from contracts.fields import COMMAND_ID_RULE, EPOCH, CommandId
from contracts.operations import OperationCommand
from contracts.problems import details, sentence, shown
from services.commands.incoming import Incoming, IncomingOperation, Invalid, fingerprint
from services.runtime.bus.letters import Problem
from services.runtime.bus.record import Record
from services.runtime.topology import TOPICS

LARGEST = TOPICS[topics.COMMANDS].max_message_bytes
LONGEST_ID = 200
"""Characters of an id that a result repeats; a longer one says nothing to a person."""

_command_id = TypeAdapter(CommandId)
_TRACE = re.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
"""A traceparent, W3C Trace Context §3.2; anything else goes no further than here."""


class _RefusedError(Exception):
    code = "invalid_command"

    def __init__(self, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.details = details or {}


def receive(record: Record) -> Incoming | IncomingOperation | Invalid | Problem:
    """Read a record; a ``Problem`` is one that no result can be addressed for."""
    try:
        envelope = read(record.value, record.headers)
        if not _is_command_id(envelope.id):
            return Problem(
                "invalid_command_id", f"Its id is none for a command; send {COMMAND_ID_RULE}."
            )
        return _command(record, envelope)
    except EnvelopeError as error:
        return _addressed(record, error, {"problem": error.code})
    except _RefusedError as error:
        return _addressed(record, error, error.details)


def _command(record: Record, envelope: Envelope) -> Incoming | IncomingOperation:
    if len(record.value or b"") > LARGEST:
        raise _RefusedError(
            f"The message has more than {LARGEST:,} bytes; split the command into several."
        )
    command = _parsed(envelope)
    _check_key(record.key, command)
    came = (
        envelope.type,
        command,
        fingerprint(envelope.type, command),
        _arrival(record),
        _trace(envelope),
    )
    if isinstance(command, OperationCommand):
        return IncomingOperation(record.key or b"", envelope.id, *came)  # type: ignore[arg-type]
    return Incoming(record.key or b"", envelope.id, *came)  # type: ignore[arg-type]


def _parsed(envelope: Envelope) -> Command | OperationCommand:
    model = registry.ASKED.get(envelope.type)
    if model is None:
        known = ", ".join(registry.ASKED)
        raise _RefusedError(
            f"{shown(envelope.type)} is no command of this version of Coursemark; "
            f"send one of {known}."
        )
    try:
        return model.model_validate_json(envelope.data)
    except ValidationError as error:
        parse_object(envelope.data)  # not UTF-8, not JSON or no object: says so better
        raise _RefusedError(sentence(error), {"problems": details(error)}) from None


def _check_key(key: bytes | None, command: Command | OperationCommand) -> None:
    if isinstance(command, OperationCommand):
        whose, wanted = "operation", topics.operation_key(command.school, command.operation)
    else:
        whose, wanted = "learner", topics.learner_key(command.school, command.learner)
    if key == wanted.encode():
        return
    what = f"another key than its {whose}'s" if key else "no key"
    raise _RefusedError(f"The message has {what}; send it with the key {wanted}.")


def _addressed(
    record: Record, error: EnvelopeError | _RefusedError, details: dict[str, Any]
) -> Invalid | Problem:
    """Whom to answer: the school of the key, or of the body where the key names none."""
    envelope = legible(record.value, record.headers)
    if not _is_command_id(envelope.id):
        return Problem(error.code, str(error))
    body = _body(envelope)
    school, learner = _school_of(record.key) or _short(body.get("school")), body.get("learner")
    if not school:
        return Problem(error.code, f"{error} Neither key nor body names a school to answer to.")
    return Invalid(
        key=record.key or topics.learner_key(school, _short(learner) or "").encode(),
        command_id=envelope.id,
        type=envelope.type[:LONGEST_ID] or None,
        school=school,
        learner=_short(learner),
        course=_short(body.get("course")),
        message=str(error),
        details=details,
        arrived=_arrival(record),
        trace=_trace(envelope),
        operation=_short(body.get("operation")),
    )


def _is_command_id(text: str) -> bool:
    try:
        _command_id.validate_python(text)
    except ValidationError:
        return False
    return True


def _body(envelope: Envelope) -> dict[str, Any]:
    try:
        return parse_object(envelope.data)
    except EnvelopeError:
        return {}


def _school_of(key: bytes | None) -> str | None:
    try:
        return _short((key or b"").decode().split("/")[0])
    except UnicodeDecodeError:
        return None


def _short(text: object) -> str | None:
    return text if isinstance(text, str) and len(text) <= LONGEST_ID else None


def _trace(envelope: Envelope) -> str | None:
    trace = envelope.attributes.get("traceparent", "")
    return trace if _TRACE.fullmatch(trace) else None


def _arrival(record: Record) -> datetime:
    """The record's time on Kafka, which its producer may have set to anything."""
    try:
        return max(EPOCH, datetime.fromtimestamp(record.timestamp / 1_000, UTC))
    except (ValueError, OverflowError, OSError):  # outside the years 1 to 9999
        return EPOCH
