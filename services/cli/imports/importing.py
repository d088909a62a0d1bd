"""A file from the first look to the table at the end."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from uuid import uuid4

import typer

from services.cli import errors
from services.cli.imports.asking import sentence
from services.cli.imports.options import Asked
from services.cli.imports.sending import publish, send
from services.cli.imports.writing import tell_problems, write_problems
from services.cli.many.asking import confirm, may_ask
from services.cli.operations.running import told
from services.cli.output import say, write_json
from services.cli.running import bar, database
from services.cli.stack.opening import opened
from services.imports.checking import Checked, Obstacle, check_file, obstacle
from services.imports.ledger import Ledger
from services.imports.parts import Parts
from services.operations.permission import refusal
from services.runtime.settings import Settings
from services.store.log import EventLog

if TYPE_CHECKING:
    import asyncpg

_SPOOLED = 64 * 1024**2
"""Bytes of stdin that are kept in memory; more go to a temporary file."""


_WHY_NOT: Mapping[Obstacle, str] = {
    "file_unusable": "the file has to be corrected first",
    "has_problems": "correct the lines, or import the others with --skip-invalid",
    "nothing_to_import": "no line is left to import",
}


class NotPermittedError(errors.CommandError):
    """Who asks may not; the code is that of a refused command."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{sentence} Nothing was sent.")
        self.code = code


async def import_file(settings: Settings, wanted: Asked) -> int:
    """Check it, and import it unless only that was asked for; returns the exit code.

    Raises:
        BadParameter: a file cannot be read or written, or nobody can be asked.
        CommandError: who asks may not, a part was refused, or nothing moves.
    """
    how = wanted.how
    if not wanted.check and not how.dry_run:
        may_ask(f"Import {wanted.file} into {wanted.school}.", yes=how.yes)
    async with database(settings) as pool:
        refused = await refusal(pool, wanted.school, wanted.actor)
        if refused is not None:
            raise NotPermittedError(refused.code, refused.message)
        with Ledger() as ledger:
            checked = await _check(EventLog(pool), wanted, ledger)
            if not _goes_on(wanted, checked, ledger):
                return errors.NEGATIVE if _has_problems(ledger) else 0
            return await _carry_out(settings, pool, wanted, ledger)


async def _check(log: EventLog, wanted: Asked, ledger: Ledger) -> Checked:
    """All lines, with a bar; every problem is told."""
    with _opened(wanted.file) as stream, bar("lines checked") as advance:
        checked = await check_file(log, stream, wanted.reading, wanted.choices, ledger, advance)
    tell_problems(ledger, as_json=wanted.how.as_json)
    if wanted.problems is not None:
        count = write_problems(ledger, wanted.problems)
        say(f"{count:,} problem{'' if count == 1 else 's'} in {wanted.problems}.")
    return checked


def _goes_on(wanted: Asked, checked: Checked, ledger: Ledger) -> bool:
    """Whether there is something to send that may be sent; says why not."""
    _say_checked(wanted, checked, ledger)
    found = obstacle(ledger, skip_invalid=wanted.skip_invalid)
    if found is not None and (found == "file_unusable" or not wanted.check):
        say(f"Nothing was sent: {_WHY_NOT[found]}.")
    return found is None and not wanted.check


def _say_checked(wanted: Asked, checked: Checked, ledger: Ledger) -> None:
    counts = ledger.counts()
    if wanted.how.as_json:
        write_json({"checked": {"lines": checked.lines, **counts._asdict()}})
        return
    wrong = f"{counts.refused:,} with problems" if counts.refused else "no problem"
    say(f"{checked.lines:,} lines checked: {wrong}.")
    if wanted.check and counts.rows:
        say(f"It would: {sentence(wanted, counts)}")
    if checked.tags_left:
        say(
            f"{checked.tags_left:,} lines have tags of users whom the school has; --add-tags adds "
            "them."
        )


def _has_problems(ledger: Ledger) -> bool:
    return any(not it.harmless for it in ledger.codes())


async def _carry_out(
    settings: Settings, pool: "asyncpg.Pool", wanted: Asked, ledger: Ledger
) -> int:
    """Previewed, or asked about, sent, and watched to its end."""
    how, counts = wanted.how, ledger.counts()
    operation = how.operation or str(uuid4())
    template: dict[str, Any] = {**wanted.template, "operation": operation, "dry_run": how.dry_run}
    parts = Parts(ledger, template)
    if how.dry_run:
        say(f"A preview; nothing is changed: {sentence(wanted, counts)}")
        if counts.new_people:
            say("New users are not added by a preview, which therefore calls them unknown_learner.")
    else:
        confirm(sentence(wanted, counts), yes=how.yes)
    async with opened(settings) as stack:
        if not how.dry_run and (counts.new_people or counts.tagged):
            written = await publish(stack, pool, wanted.school, ledger, how.timeout)
            say(f"{written:,} user{'' if written == 1 else 's'} written into the directory.")
        code = await told(stack, await send(stack, parts, how), how)
        return 0 if how.dry_run else code


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        with tempfile.SpooledTemporaryFile(_SPOOLED) as spooled:
            while piece := sys.stdin.buffer.read(1024**2):
                spooled.write(piece)
            yield cast("BinaryIO", spooled)
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}.", param_hint="FILE") from None
    with stream:
        yield stream
