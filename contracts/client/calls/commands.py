"""Commands: each carried out, sent on without waiting, or previewed; and their results."""

from collections.abc import Callable
from typing import Protocol, TypeVar
from uuid import uuid4

from pydantic import TypeAdapter

from ... import registry
from ...api.commands import Taken
from ...commands import Command
from ...operations import OperationCommand
from ...results import CommandAccepted, CommandPreviewed, CommandRejected
from ..problems import NoResultError
from .call import Answer, Call, as_, asks, keyed, one_of

Asked = Command | OperationCommand
T = TypeVar("T")
C = TypeVar("C", bound=Asked)
C_contra = TypeVar("C_contra", bound=Asked, contravariant=True)

WAIT = 30
"""Seconds; the API waits no longer."""
_UNDER_WAY = 202
_result: TypeAdapter[CommandAccepted | CommandRejected] = TypeAdapter(
    CommandAccepted | CommandRejected
)


class Carries(Protocol[C_contra]):
    """Makes the call of a command of one type."""

    def __call__(
        self, command: C_contra, *, key: str | None = None, wait: int = WAIT
    ) -> Call[CommandAccepted]:
        """``key``: the command's id, a new one where none is given; ``wait``: seconds."""


def carries(_: type[C]) -> Carries[C]:
    """``carry_out`` for commands of that type."""
    return carry_out


def carry_out(command: Asked, *, key: str | None = None, wait: int = WAIT) -> Call[CommandAccepted]:
    """Ask for it, and wait for its result.

    The answer raises ``RejectedError`` where it was refused, and ``NoResultError`` where there is
    no result in time: it may still be carried out, and the same key asks for it again.
    """
    if isinstance(command, Command) and command.dry_run:
        raise ValueError("dry_run: ask for preview(command), whose answer is another one")
    if wait < 1:
        raise ValueError("wait: at least a second; ask for send(command) to wait for nothing")
    id_, read_result = key or str(uuid4()), as_(CommandAccepted)

    def read(answer: Answer) -> CommandAccepted:
        if answer.status == _UNDER_WAY:
            raise NoResultError(id_, wait)
        return read_result(answer)

    return _posted(command, id_, read, wait)


def send(command: Asked, *, key: str | None = None) -> Call[Taken]:
    """Send it on, and wait for nothing; the answer says where its result will be."""
    return _posted(command, key or str(uuid4()), as_(Taken))


def preview(command: Command, *, key: str | None = None) -> Call[CommandPreviewed]:
    """What it would do now; nothing is changed (B5). Of many learners: an operation's dry_run."""
    looked = command.model_copy(update={"dry_run": True})
    return _posted(looked, key or str(uuid4()), as_(CommandPreviewed))


def get_result(command_id: str, *, wait: int = 0) -> Call[CommandAccepted | CommandRejected]:
    """What became of a command; 404 before there is a result, for which ``wait`` seconds wait."""
    headers = {"prefer": f"wait={wait}"} if wait else {}
    template = "/v1/results/{command_id}"
    return asks("GET", template, one_of(_result), [command_id], headers=headers, wait=wait)


def _posted(command: Asked, key: str, read: Callable[[Answer], T], wait: int = 0) -> Call[T]:
    """The source is left out of the body: it is the API, whatever a command says."""
    name = registry.name_of(command).split(".")[2].replace("_", "-")
    prefer = {"prefer": f"wait={wait}"} if wait else {}
    return Call(
        method="POST",
        path=f"/v1/commands/{name}",
        read=read,
        headers=keyed(key) | prefer,
        body=command.model_dump_json(exclude={"source"}, exclude_none=True).encode(),
        wait=wait,
    )
