"""A file that is none to import, as its first lines say: it stays where it is."""

from collections.abc import AsyncIterator
from typing import NoReturn

from services.cli.stack.imports.port import Found
from services.imports.ledger import Counts
from services.imports.problems import ImportFileError, Problem


class UnreadFile:
    """A ``CheckedFile`` of one problem."""

    def __init__(self, flaw: ImportFileError) -> None:
        self._problem = flaw.problem
        refused = 0 if flaw.line is None else 1
        counts = Counts(0, 0, 0, 0, 0, refused=refused, new_people=0, tagged=0)
        self.found = Found(0, 0, counts, {flaw.code: 1}, unusable=True)

    async def problems(self) -> AsyncIterator[Problem]:
        """Why it is none."""
        yield self._problem

    async def carry_out(self) -> NoReturn:
        """There is nothing to import.

        Raises:
            ValueError: it was asked for all the same.
        """
        raise ValueError(self._problem.code)
