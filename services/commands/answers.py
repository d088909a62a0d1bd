"""What became of a command, as its result and as the record that carries it (B2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from contracts import registry, topics
from contracts.commands import Command
from contracts.envelope import Envelope, timestamp, write
from contracts.events import ActivityEvent, Event
from contracts.fields import CommandId
from contracts.operations import OperationCommand
from contracts.results import (
    Code,
    CommandAccepted,
    CommandPreviewed,
    CommandRejected,
    EventReference,
    PreviewedEvent,
    Result,
)
from services.commands.incoming import Incoming, IncomingOperation, Invalid
from services.domain.decision import Accepted, Decision, Refused
from services.runtime.bus.outbox import Message
from services.store.records import NewEvent, StoredReceipt

SOURCE = "/coursemark/command-worker"
_TYPES = {model.model_fields["outcome"].default: name for name, model in registry.RESULTS.items()}


class Answer(NamedTuple):
    """A result's JSON, its type and its time: all that a record needs."""

    type: str
    body: bytes
    time: str


def of(result: Result) -> Answer:
    """The answer that a fresh result makes."""
    return Answer(registry.name_of(result), result.to_json(), timestamp(result.recorded_at))


def stored(body: bytes) -> Answer:
    """The answer that was given before, byte for byte (B1)."""
    result = orjson.loads(body)
    return Answer(_TYPES[result["outcome"]], body, result["recorded_at"])


def repeated(incoming: Incoming | IncomingOperation, given: StoredReceipt) -> Answer:
    """What was answered to the id before (B1); a refusal where that was another command."""
    if given.fingerprint == incoming.fingerprint:
        return stored(given.result)
    reused = Refused(
        "command_id_reused",
        f"{incoming.command_id} was the id of another command of {incoming.command.school}; "
        "send each command under an id of its own.",
    )
    # This refusal has no receipt of its own, so its time is the record's.
    return of(rejected(incoming, reused, incoming.arrived))


def accepted(
    incoming: Incoming, decision: Accepted, events: Sequence[NewEvent], now: datetime
) -> CommandAccepted:
    """The result of a command that was carried out, with the events as they were encoded."""
    references = tuple(
        EventReference(
            id=topics.event_id(stream, version),
            type=name,
            stream=stream,
            version=version,
            activity=_activity(event),
        )
        for event, (stream, version, name, _) in zip(decision.events, events, strict=True)
    )
    return CommandAccepted(
        **_heading(incoming.command_id, incoming.type, incoming.command, now),
        events=references,
        skipped=decision.skipped,
    )


def admitted(incoming: IncomingOperation, now: datetime) -> CommandAccepted:
    """The result of a command about an operation: what comes of it, the operation tells."""
    return CommandAccepted(**_heading(incoming.command_id, incoming.type, incoming.command, now))


def rejected(
    incoming: Incoming | IncomingOperation, refused: Refused, now: datetime
) -> CommandRejected:
    """The result of a command that was refused."""
    return CommandRejected(
        **_heading(incoming.command_id, incoming.type, incoming.command, now),
        code=refused.code,
        message=refused.message,
        details=refused.details,
    )


def previewed(
    incoming: Incoming, decision: Decision, locked: tuple[str, ...], now: datetime
) -> CommandPreviewed:
    """The result of a dry run, without its effects; ``locked`` as ``CommandPreviewed`` has it."""
    heading = _heading(incoming.command_id, incoming.type, incoming.command, now)
    if isinstance(decision, Refused):
        code, message = decision.code, decision.message
        return CommandPreviewed(**heading, would="rejected", code=code, message=message)
    return CommandPreviewed(
        **heading,
        would="accepted",
        events=tuple(
            PreviewedEvent(type=registry.name_of(event), activity=_activity(event))
            for event in decision.events
        ),
        skipped=decision.skipped,
        locked=locked,
    )


def invalid(incoming: Invalid) -> CommandRejected:
    """The result of what was no command; no receipt keeps it, so nothing in it may change."""
    code: Code = "invalid_command"
    return CommandRejected(
        command_id=incoming.command_id,
        command_type=incoming.type,
        school=incoming.school,
        learner=incoming.learner,
        course=incoming.course,
        operation=incoming.operation,
        recorded_at=incoming.arrived,
        code=code,
        message=incoming.message,
        details=incoming.details,
    )


def record(incoming: Incoming | IncomingOperation | Invalid, answer: Answer) -> Message:
    """The record on ``coursemark.results.v1``; its key is the command's."""
    extra = {} if incoming.trace is None else {"traceparent": incoming.trace}
    envelope = Envelope(
        id=f"result-of-{incoming.command_id}",
        type=answer.type,
        source=SOURCE,
        data=answer.body,
        subject=incoming.command_id,
        time=answer.time,
        attributes=extra,
    )
    return Message(topics.RESULTS, incoming.key, answer.body, write(envelope))


def _activity(event: Event) -> str | None:
    return event.activity if isinstance(event, ActivityEvent) else None


def _heading(
    id_: CommandId, type_: str, command: Command | OperationCommand, now: datetime
) -> dict[str, Any]:
    heading = {
        "command_id": id_,
        "command_type": type_,
        "school": command.school,
        "recorded_at": now,
    }
    if isinstance(command, OperationCommand):
        return heading | {"operation": command.operation}
    return heading | {"learner": command.learner, "course": command.course}
