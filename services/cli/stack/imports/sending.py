"""What an import sends: new users first, then the parts of its operation, a few at a time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contracts.operations import BulkImport, OperationReported
from services.cli.many.options import How
from services.cli.operations.running import nothing_twice, run
from services.cli.operations.sending import ask
from services.cli.running import bar
from services.cli.send.outgoing import Outgoing, prepared
from services.cli.stack.imports.port import DirectoryBehindError
from services.domain.bulk import part_id
from services.imports.ledger import Ledger
from services.imports.parts import Parts
from services.imports.people import users
from services.store.people import people

if TYPE_CHECKING:
    import asyncpg

    from contracts.directory import User
    from services.cli.send.outcomes import Outcome
    from services.cli.stack.port import Stack

TOGETHER = 20
"""Parts in memory at once: 20,000 rows."""
_USERS = 2_000


async def publish(
    stack: "Stack", pool: "asyncpg.Pool", school: str, ledger: Ledger, seconds: float
) -> int:
    """Write new users, and tags, to the directory's topic; returns how many, once it has them.

    Raises:
        DirectoryBehindError: it does not have them in time.
    """
    count = 0
    some: list[User] = []
    async for user in users(pool, school, ledger):
        some.append(user)
        count += 1
        if len(some) == _USERS:
            await _publish(stack, pool, school, some, seconds)
            some = []
    if some:
        await _publish(stack, pool, school, some, seconds)
    return count


async def _publish(
    stack: "Stack",
    pool: "asyncpg.Pool",
    school: str,
    some: "Sequence[User]",
    seconds: float,
) -> None:
    outcomes: list[Outcome] = []
    lines = [prepared(number, user) for number, user in enumerate(some, 1)]
    await stack.converse(lines, seconds, outcomes.append)
    there = await people(pool, school, [it.user for it in some])
    missing = len(some) - len(there)
    if missing:
        raise DirectoryBehindError(
            f"The directory has not taken in {missing:,} new users within {seconds:g} s: check "
            "that the part reference-data runs (`coursemark doctor`), then repeat the import."
        )


async def send(stack: "Stack", parts: Parts, how: How) -> OperationReported:
    """Send all parts, and watch the operation until it rests; returns its last report.

    The ids of the messages follow from the operation's: sent again, they are answered alike.

    Raises:
        CommandError: as ``run``.
    """
    last = (len(parts) - 1) // TOGETHER * TOGETHER
    with bar("rows sent") as advance:
        for first in range(0, last, TOGETHER):
            some = parts[first : first + TOGETHER]
            again = nothing_twice(some[0].operation)
            await ask(stack, _outgoing(some), how.timeout, again)
            advance(sum(len(it.rows) for it in some))
    return await run(stack, _outgoing(parts[last:]), how)


def _outgoing(parts: Sequence[BulkImport]) -> list[Outgoing]:
    return [prepared(it.part, it, part_id(it.school, it.operation, it.part)) for it in parts]
