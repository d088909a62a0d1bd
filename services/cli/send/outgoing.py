"""What is sent: one message, and whether a result is awaited for it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from contracts import registry
from contracts.commands import Command
from contracts.fields import CommandId
from contracts.operations import OperationCommand
from contracts.problems import sentence
from services.runtime.bus.outbox import Message
from services.runtime.bus.placing import Sendable, record_of

SOURCE = "/coursemark/command-line"

Model = type[Sendable]
TYPES: Mapping[str, Model] = MappingProxyType(
    {
        **registry.COMMANDS,
        **registry.OPERATION_COMMANDS,
        **registry.CATALOG,
        **registry.DIRECTORY,
    }
)
"""What can be sent, by declared name."""

_command_id = TypeAdapter(CommandId)


class NotSendableError(Exception):
    """It cannot be sent; the text says what to send instead."""


class Outgoing(NamedTuple):
    """A message from a line of a file; ``command`` is none where no result is awaited."""

    line: int
    type: str
    id: str
    message: Message
    command: Command | OperationCommand | None

    @property
    def awaited(self) -> tuple[str, str] | None:
        """School and command id of the result."""
        return None if self.command is None else (self.command.school, self.id)


def short(name: str) -> str:
    """``mark_complete`` of ``coursemark.commands.mark_complete.v1``."""
    return name.split(".")[2]


SHORT: Mapping[str, str] = MappingProxyType({short(name): name for name in TYPES})
"""Declared names by their short ones."""


def model_of(name: str) -> Model:
    """The model of a declared or short name.

    Raises:
        NotSendableError: there is no such type.
    """
    model = TYPES.get(SHORT.get(name, name))
    if model is None:
        raise NotSendableError(f"{name[:100]} cannot be sent; type is one of {', '.join(SHORT)}.")
    return model


def prepare(line: int, name: str, data: Any, id_: str | None = None) -> Outgoing:
    """The message for data of a declared or short name; ``id_`` of none makes a new one.

    Raises:
        NotSendableError: it is not what its contract says.
    """
    model = model_of(name)
    try:
        message = model.model_validate_json(data) if isinstance(data, bytes) else model(**data)
        id_ = str(uuid4()) if id_ is None else _command_id.validate_python(id_, strict=True)
    except ValidationError as error:
        raise NotSendableError(sentence(error)) from None
    return prepared(line, message, id_)


def prepared(line: int, message: Sendable, id_: str | None = None) -> Outgoing:
    """The message for what is one already; ``id_`` of none makes a new one."""
    id_ = id_ or str(uuid4())
    declared = registry.name_of(message)
    record = record_of(message, id_, SOURCE)
    command = message if isinstance(message, Command | OperationCommand) else None
    return Outgoing(line, short(declared), id_, record, command)
