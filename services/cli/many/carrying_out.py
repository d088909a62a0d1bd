"""Mark, reset or enrol from the first look at the learners to the table at the end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

import typer

from services.cli.many import learners
from services.cli.many.alone import alone
from services.cli.many.asking import confirm, may_ask
from services.cli.many.options import How, Whom
from services.cli.many.request import Request, parts, sentence, single
from services.cli.operations.running import previewed, run, told
from services.cli.output import say
from services.cli.send.outgoing import NotSendableError, Outgoing
from services.cli.stack.opening import opened
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.cli.stack.port import Stack


async def carry_out(settings: Settings, asked: Request, whom: Whom, how: How) -> int:
    """Do it, or say what it would do; returns the exit code.

    Raises:
        BadParameter: an option is missing or wrong, or nobody can be asked.
        CommandError: somebody is unknown, or it was refused, or nothing moves.
    """
    wanted = learners.named(whom)
    _checked(asked, wanted)
    if isinstance(wanted, list) and len(wanted) == 1 and "@" not in wanted[0]:
        one = _single(asked, wanted[0], how)
        if one is not None:
            async with opened(settings) as stack:
                return await alone(stack, one, how)
    if len(wanted) > 1 and not how.dry_run:
        may_ask(sentence(asked, wanted), yes=how.yes)
    async with opened(settings) as stack:
        if isinstance(wanted, list):
            wanted = await _known(stack, whom, wanted)
            one = _single(asked, wanted[0], how) if len(wanted) == 1 else None
            if one is not None:
                return await alone(stack, one, how)
        return await _many(stack, asked, wanted, how)


async def _many(stack: "Stack", asked: Request, wanted: Sequence[str] | str, how: How) -> int:
    """Previewed, asked about, sent in parts, and watched."""
    several = len(wanted) > 1
    if how.dry_run or (how.preview and several):
        say("A preview; nothing is changed:")
        looked = _parts(asked, wanted, str(uuid4()), dry_run=True)
        ended = await run(stack, looked, how)
        code = await previewed(stack, ended, how)
        if code is not None:
            return code
    if several:
        confirm(sentence(asked, wanted), yes=how.yes)
    operation = how.operation or str(uuid4())
    messages = _parts(asked, wanted, operation, dry_run=False)
    return await told(stack, await run(stack, messages, how), how)


async def _known(stack: "Stack", whom: Whom, named: list[str]) -> list[str]:
    resolved = await learners.resolve(stack, whom.school, named)
    said = learners.refuse_unknown(whom.school, resolved, skip=whom.skip_unknown)
    if said is not None:
        say(said)
    return resolved.learners


def _checked(asked: Request, wanted: Sequence[str] | str) -> None:
    """What is wrong with the options is said before a database is asked."""
    _parts(asked, wanted if isinstance(wanted, str) else ["anybody"], str(uuid4()), dry_run=True)


def _single(asked: Request, learner: str, how: How) -> Outgoing | None:
    if how.operation is not None:
        return None
    try:
        return single(asked, learner, dry_run=how.dry_run)
    except NotSendableError as error:
        raise typer.BadParameter(str(error)) from None


def _parts(
    asked: Request, wanted: Sequence[str] | str, operation: str, *, dry_run: bool
) -> list[Outgoing]:
    try:
        return parts(asked, wanted, operation, dry_run=dry_run)
    except NotSendableError as error:
        raise typer.BadParameter(str(error)) from None
