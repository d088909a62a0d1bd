"""A file from the first look to the table at the end."""

from collections.abc import Mapping
from uuid import uuid4

from services.cli import errors
from services.cli.imports.asking import sentence
from services.cli.imports.options import Asked
from services.cli.imports.writing import tell_problems, write_problems
from services.cli.many.asking import confirm, may_ask
from services.cli.operations.running import told
from services.cli.output import say, write_json
from services.cli.stack.imports.port import CheckedFile, Found
from services.cli.stack.opening import opened
from services.imports.ledger import Counts
from services.imports.obstacles import Obstacle, obstacle
from services.runtime.settings import Settings

_WHY_NOT: Mapping[Obstacle, str] = {
    "file_unusable": "the file has to be corrected first",
    "has_problems": "correct the lines, or import the others with --skip-invalid",
    "nothing_to_import": "no line is left to import",
}


async def import_file(settings: Settings, wanted: Asked) -> int:
    """Check it, and import it unless only that was asked for; returns the exit code.

    Raises:
        BadParameter: a file cannot be read or written, or nobody can be asked.
        CommandError: who asks may not, a part was refused, or nothing moves.
    """
    how = wanted.how
    if not wanted.check and not how.dry_run:
        may_ask(f"Import {wanted.file} into {wanted.school}.", yes=how.yes)
    operation = how.operation or str(uuid4())
    async with opened(settings) as stack, stack.imports.checked(wanted, operation) as file:
        await _tell(wanted, file)
        if not _goes_on(wanted, file.found):
            return errors.NEGATIVE if file.found.has_problems else 0
        _ask(wanted, file.found.counts)
        return await told(stack, await file.carry_out(), how)


async def _tell(wanted: Asked, file: CheckedFile) -> None:
    """Every problem, and what the file holds."""
    await tell_problems(file, as_json=wanted.how.as_json)
    if wanted.problems is not None:
        count = await write_problems(file, wanted.problems)
        say(f"{count:,} problem{'' if count == 1 else 's'} in {wanted.problems}.")
    _say_checked(wanted, file.found)


def _goes_on(wanted: Asked, found: Found) -> bool:
    """Whether there is something to send that may be sent; says why not."""
    why = obstacle(found.counts, unusable=found.unusable, skip_invalid=wanted.skip_invalid)
    if why is not None and (why == "file_unusable" or not wanted.check):
        say(f"Nothing was sent: {_WHY_NOT[why]}.")
    return why is None and not wanted.check


def _say_checked(wanted: Asked, found: Found) -> None:
    counts = found.counts
    if wanted.how.as_json:
        write_json({"checked": {"lines": found.lines, **counts._asdict()}})
        return
    wrong = f"{counts.refused:,} with problems" if counts.refused else "no problem"
    say(f"{found.lines:,} lines checked: {wrong}.")
    if wanted.check and counts.rows:
        say(f"It would: {sentence(wanted, counts)}")
    if found.tags_left:
        left = f"{found.tags_left:,} lines have tags of users whom the school has"
        say(f"{left}; --add-tags adds them.")


def _ask(wanted: Asked, counts: Counts) -> None:
    """Say what will be done, and ask, unless it is a preview.

    Raises:
        Abort: the answer is no.
    """
    if not wanted.how.dry_run:
        confirm(sentence(wanted, counts), yes=wanted.how.yes)
        return
    say(f"A preview; nothing is changed: {sentence(wanted, counts)}")
    if counts.new_people:
        say("New users are not added by a preview, which therefore calls them unknown_learner.")
