"""A command as it came, or what was none."""

from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from contracts.commands import Command
from contracts.model import Contract
from contracts.operations import OperationCommand


class Incoming(NamedTuple):
    """A command as it came; ``fingerprint`` tells its body from another under the same id.

    ``arrived`` is its time on Kafka: a refusal that no receipt keeps says it, so that the same
    record is answered the same each time it is read (B1).
    """

    key: bytes
    command_id: str
    type: str
    command: Command
    fingerprint: bytes
    arrived: datetime
    trace: str | None = None


class IncomingOperation(NamedTuple):
    """A command about an operation as it came; fields as ``Incoming`` has them."""

    key: bytes
    command_id: str
    type: str
    command: OperationCommand
    fingerprint: bytes
    arrived: datetime
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
    arrived: datetime
    trace: str | None = None
    operation: str | None = None


def fingerprint(name: str, command: Contract) -> bytes:
    """A digest of what is asked for; another spelling of the same JSON has the same.

    ``dry_run: false`` is one: it asks for what is asked for without it.
    """
    if isinstance(command, Command) and command.dry_run is False:
        command = command.model_copy(update={"dry_run": None})
    return blake2b(name.encode() + b"\n" + command.to_json(), digest_size=16).digest()
