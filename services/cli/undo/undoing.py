"""Undoing a command or an operation: previewed, asked about, done, and what stays sent listed."""

from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import typer

from services.cli import errors
from services.cli.many.alone import alone
from services.cli.many.asking import confirm, may_ask
from services.cli.many.options import How
from services.cli.many.request import SOURCE
from services.cli.operations.running import previewed, run, told
from services.cli.output import say
from services.cli.send.outgoing import NotSendableError, Outgoing, prepare
from services.cli.stack.opening import opened
from services.cli.undo.sent import stays_sent
from services.domain.bulk import part_id
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.cli.stack.port import Stack


class UnknownCommandError(errors.CommandError):
    """``unknown_command``: the school has no receipt of it."""

    code = "unknown_command"


class Undo(NamedTuple):
    """What is to be taken back, by whom and why; ``id``: of a command or of an operation."""

    id: str
    school: str
    actor: str
    reason: str | None
    note: str | None
    include_later: bool

    def fields(self) -> dict[str, Any]:
        """What both commands have in common."""
        why = {"reason": self.reason, "note": self.note}
        return {
            "school": self.school,
            "actor": self.actor,
            "source": SOURCE,
            "include_later": self.include_later,
            **{name: value for name, value in why.items() if value is not None},
        }


async def undo_command(settings: Settings, asked: Undo, how: How) -> int:
    """Undo one command; returns the exit code.

    Raises:
        BadParameter: an option is wrong, or nobody can be asked.
        UnknownCommandError: the school knows no such command.
    """
    async with opened(settings) as stack:
        learner, course = await _about(stack, asked)
        what = f"Undo {asked.id}, of {learner} in {course}, school {asked.school}."
        if not how.dry_run:
            may_ask(what, yes=how.yes)
        fields = asked.fields() | {"learner": learner, "course": course, "undoes": asked.id}
        if how.dry_run or how.preview:
            say("A preview; nothing is changed:")
            looked = _prepared("undo_command", fields | {"dry_run": True})
            code = await alone(stack, looked, how)
            if code == errors.NEGATIVE and not how.dry_run:
                say("It would be refused, so nothing was sent; --no-preview sends it all the same.")
            if code or how.dry_run:
                await stays_sent(stack, asked.school, asked.id, operation=False, how=how)
                return code
        confirm(what, yes=how.yes)
        code = await alone(stack, _prepared("undo_command", fields), how)
        if code == 0:
            await stays_sent(stack, asked.school, asked.id, operation=False, how=how)
        return code


async def undo_operation(settings: Settings, asked: Undo, how: How) -> int:
    """Undo an operation by another one; returns the exit code.

    Raises:
        BadParameter: an option is wrong, or nobody can be asked.
        CommandError: it was refused, or nothing moves.
    """
    what = f"Undo all that the operation {asked.id} of {asked.school} did."
    if not how.dry_run:
        may_ask(what, yes=how.yes)
    async with opened(settings) as stack:
        if how.dry_run or how.preview:
            say("A preview; nothing is changed:")
            looked = _begun(asked, str(uuid4()), dry_run=True)
            code = await previewed(stack, await run(stack, [looked], how), how)
            if code is not None:
                await stays_sent(stack, asked.school, asked.id, operation=True, how=how)
                return code
        confirm(what, yes=how.yes)
        ended = await run(stack, [_begun(asked, str(uuid4()), dry_run=False)], how)
        code = await told(stack, ended, how)
        await stays_sent(stack, asked.school, asked.id, operation=True, how=how)
        return code


async def _about(stack: "Stack", asked: Undo) -> tuple[str, str]:
    """Learner and course of a command, by its receipt; of this school alone (A3)."""
    result = await stack.result(asked.school, asked.id)
    if result is None:
        raise UnknownCommandError(
            f"{asked.school} has no command {asked.id}; ids stand in its result and in "
            "`coursemark watch --json`. Nothing was sent."
        )
    if result.get("operation") is not None and result.get("learner") is None:
        raise UnknownCommandError(
            f"{asked.id} belongs to an operation; undo it whole: `coursemark undo --operation "
            f"{result['operation']} --school {asked.school} --actor {asked.actor}`."
        )
    return result["learner"], result["course"]


def _begun(asked: Undo, operation: str, *, dry_run: bool) -> Outgoing:
    fields = asked.fields() | {
        "operation": operation,
        "undoes": asked.id,
        "dry_run": dry_run,
    }
    return _prepared("undo_operation", fields, part_id(asked.school, operation, 1))


def _prepared(name: str, fields: dict[str, Any], id_: str | None = None) -> Outgoing:
    try:
        return prepare(1, name, fields, id_)
    except NotSendableError as error:
        raise typer.BadParameter(str(error)) from None
