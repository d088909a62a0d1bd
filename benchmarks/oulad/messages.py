"""Messages as their owners send them: binary CloudEvents under the right keys."""

from uuid import NAMESPACE_URL, uuid5

from contracts import registry, topics
from contracts.catalog import CourseStructure
from contracts.commands import Command
from contracts.directory import School, User
from contracts.envelope import Envelope, write
from services.runtime.bus.outbox import Message

SOURCE = "/open-university"


def command_message(command_id: str, command: Command) -> Message:
    """A command, keyed by its learner."""
    key = topics.learner_key(command.school, command.learner)
    body = command.to_json()
    envelope = Envelope(command_id, registry.name_of(command), SOURCE, body)
    return Message(topics.COMMANDS, key.encode(), body, write(envelope))


def reference_message(entry: CourseStructure | School | User) -> Message:
    """A record of the catalog or the directory."""
    topic, key = _place(entry)
    body = entry.to_json()
    envelope = Envelope(str(uuid5(NAMESPACE_URL, key)), registry.name_of(entry), SOURCE, body)
    return Message(topic, key.encode(), body, write(envelope))


def _place(entry: CourseStructure | School | User) -> tuple[str, str]:
    match entry:
        case School():
            return topics.DIRECTORY, entry.school
        case User():
            return topics.DIRECTORY, f"{entry.school}/{entry.user}"
        case CourseStructure():
            return topics.CATALOG, f"{entry.school}/{entry.course}"
