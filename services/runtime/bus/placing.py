"""What producers of ours send: a message of a registered type as a record, on its topic."""

from contracts import registry, topics
from contracts.catalog import CourseStructure, LearningProgram
from contracts.commands import Command
from contracts.directory import School, User
from contracts.envelope import Envelope, write
from contracts.operations import OperationCommand
from services.runtime.bus.outbox import Message

Sendable = Command | OperationCommand | CourseStructure | LearningProgram | School | User


def record_of(message: Sendable, id_: str, source: str) -> Message:
    """The record in binary mode, on the topic and under the key of its type."""
    topic, key = _place(message)
    envelope = Envelope(id_, registry.name_of(message), source, message.to_json())
    return Message(topic, key.encode(), envelope.data, write(envelope))


def _place(message: Sendable) -> tuple[str, str]:
    """Topic and key."""
    match message:
        case Command():
            return topics.COMMANDS, topics.learner_key(message.school, message.learner)
        case OperationCommand():
            return topics.COMMANDS, topics.operation_key(message.school, message.operation)
        case CourseStructure():
            return topics.CATALOG, f"{message.school}/{message.course}"
        case LearningProgram():
            return topics.CATALOG, topics.program_stream(message.school, message.program)
        case User():
            return topics.DIRECTORY, f"{message.school}/{message.user}"
        case School():
            return topics.DIRECTORY, message.school
