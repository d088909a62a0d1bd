"""For whom: named one by one, in a file, or found by a saved search; told apart before sending."""

import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from services.cli.errors import CommandError
from services.cli.many.options import Whom

if TYPE_CHECKING:
    from services.cli.stack.port import Stack

_STEP = 1_000
_LISTED = 20
_HEADINGS = {"id", "user", "user id", "user_id", "username", "learner", "email", "e-mail"}
"""First cells of a CSV that are no learner."""


class UnknownLearnersError(CommandError):
    """``unknown_learner``: nothing was sent."""

    code = "unknown_learner"


class Resolved(NamedTuple):
    """Ids in the order of the list, each once; the rest as it was named."""

    learners: list[str]
    repeated: int
    unknown: list[str]
    ambiguous: list[str]


def named(whom: Whom) -> list[str] | str:
    """The learners as they were named, or the name of a saved search.

    Raises:
        BadParameter: nothing or more than one of the three was given, or a file cannot be read.
    """
    given = [it for it in (whom.learner, whom.learners, whom.search) if it not in (None, [])]
    if len(given) != 1:
        raise typer.BadParameter(
            "say for whom: --learner (repeat it for more), --learners FILE or --search NAME, "
            "and one of them alone."
        )
    if whom.search is not None:
        return whom.search
    found = whom.learner or from_file(whom.learners or Path("-"))
    if not found:
        raise typer.BadParameter(f"{whom.learners} names nobody.", param_hint="--learners")
    return found


def from_file(path: Path) -> list[str]:
    """One learner a line; of a CSV (by its name) the first column, its heading left out.

    Raises:
        BadParameter: it cannot be read.
    """
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}.", param_hint="--learners") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise typer.BadParameter(
            f"{path}, line {line}: is not UTF-8; save it so, one id or e-mail address a line.",
            param_hint="--learners",
        ) from None
    if path.suffix.lower() == ".csv":
        return _first_column(text)
    return [line.strip() for line in text.splitlines() if line.strip()]


def _first_column(text: str) -> list[str]:
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    cells = [row[0].strip() for row in rows if row and row[0].strip()]
    return cells[1:] if cells and cells[0].lower() in _HEADINGS else cells


async def resolve(stack: "Stack", school: str, names: Sequence[str]) -> Resolved:
    """Each name as an id that the school's directory knows, or else as an e-mail address."""
    asked = list(dict.fromkeys(names))
    found: dict[str, Sequence[str]] = {}
    for start in range(0, len(asked), _STEP):
        found |= await stack.users(school, asked[start : start + _STEP])
    learners: dict[str, None] = {}
    unknown: list[str] = []
    ambiguous: list[str] = []
    for name in asked:
        users = found.get(name, ())
        if len(users) == 1:
            learners[users[0]] = None
        else:
            (ambiguous if users else unknown).append(name)
    repeated = len(names) - len(learners) - len(unknown) - len(ambiguous)
    return Resolved(list(learners), repeated, unknown, ambiguous)


def refuse_unknown(school: str, resolved: Resolved, *, skip: bool) -> str | None:
    """What to say of those who were left out or named twice; nothing where all is well.

    Raises:
        UnknownLearnersError: some are unknown and may not be left out, or nobody is left.
    """
    said = []
    if resolved.unknown:
        said.append(f"{school} has no {_listed(resolved.unknown)}")
    if resolved.ambiguous:
        said.append(f"several users of {school} have {_listed(resolved.ambiguous)}")
    if said and not (skip and resolved.learners):
        remedy = "name others" if skip else "correct them, or leave them out with --skip-unknown"
        raise UnknownLearnersError(f"{'; '.join(said)}. Nothing was sent; {remedy}.")
    if resolved.repeated > 0:
        said.append(f"{resolved.repeated:,} named again count once")
    return f"{'; '.join(said)}." if said else None


def _listed(names: Sequence[str]) -> str:
    from contracts.problems import shown

    more = len(names) - _LISTED
    listed = ", ".join(map(shown, names[:_LISTED]))
    return f"{listed} and {more:,} more" if more > 0 else listed
