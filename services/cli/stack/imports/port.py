"""What ``coursemark import`` needs of a Coursemark: a file checked, and imported."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from services.cli import errors
from services.imports.ledger import Counts
from services.imports.problems import HARMLESS, Problem

if TYPE_CHECKING:
    from contracts.operations import OperationReported
    from services.cli.imports.options import Asked


class NotPermittedError(errors.CommandError):
    """Who asks may not; the code is that of a refused command."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{sentence} Nothing was sent.")
        self.code = code


class DirectoryBehindError(errors.CommandError):
    """``directory_behind``: users were sent, and the directory does not have them yet."""

    code = "directory_behind"
    exit_code = errors.NO_RESULT


class Found(NamedTuple):
    """What a file holds; ``codes``: how many problems of each.

    ``tags_left``: lines with tags of users whom the school has, which are left as they are.
    ``unusable``: nothing of it can be imported, whatever lines are left out.
    """

    lines: int
    tags_left: int
    counts: Counts
    codes: Mapping[str, int]
    unusable: bool

    @property
    def has_problems(self) -> bool:
        """Whether something has to be done about the file."""
        return not self.codes.keys() <= HARMLESS


class CheckedFile(Protocol):
    """A file of which every line was checked, and that touched nothing."""

    found: Found

    def problems(self) -> AsyncIterator[Problem]:
        """Each problem, those of the whole file first, then by line; begins anew each time."""

    async def carry_out(self) -> "OperationReported":
        """Import it, or preview that; returns the last report, as the options say when.

        Raises:
            CommandError: it was refused, or nothing moves.
        """


class Imports(Protocol):
    """Where files are checked."""

    def checked(
        self, wanted: "Asked", operation: str
    ) -> AbstractAsyncContextManager["CheckedFile"]:
        """The file, checked; what is kept of one that was not imported is gone after the block.

        Entering it raises ``NotPermittedError``, and ``BadParameter`` where it cannot be opened.
        """


def users_written(number: int) -> str:
    """That they are in the directory."""
    return f"{number:,} user{'' if number == 1 else 's'} written into the directory."
