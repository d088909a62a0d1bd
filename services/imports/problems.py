"""What can be wrong with a file that is imported: of the whole file, or of one of its lines.

No sentence repeats what a cell holds, but ids of courses, activities and learners: names, e-mail
addresses and passwords go into no message.
"""

from typing import NamedTuple


class Problem(NamedTuple):
    """``line``: in the file, from 1; ``column``: its heading in the file; none: of all of it.

    ``whole_file``: nothing of the file can be imported, whatever lines are left out. ``harmless``:
    nothing has to be done about it.
    """

    line: int | None
    column: str | None
    code: str
    message: str
    whole_file: bool = False
    harmless: bool = False


PASSWORDS = (
    "The file has passwords. They are not imported, and not kept; take the column out, and keep no "
    "such file."
)
HARMLESS = frozenset({"duplicate_line"})
"""Codes about which nothing has to be done."""
COLUMNS = ("line", "column", "code", "problem", "harmless")
"""Of a file of problems."""


def cells(problem: Problem) -> tuple[object, ...]:
    """A problem in the order of the columns."""
    harmless = "yes" if problem.harmless else ""
    return problem.line, problem.column, problem.code, problem.message, harmless


def shaped(problem: Problem) -> dict[str, object]:
    """A problem for programs."""
    return {
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "problem": problem.message,
        "whole_file": problem.whole_file,
        "harmless": problem.harmless,
    }


class ImportFileError(Exception):
    """The file cannot be read, or not any further; ``code`` is stable, the text says what to do."""

    def __init__(self, code: str, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.line = line

    @property
    def problem(self) -> Problem:
        """It, as a problem of the file."""
        return Problem(self.line, None, self.code, str(self), whole_file=True)


class Flaw(Exception):  # noqa: N818 - it is told, not raised to anybody
    """A cell that cannot be used."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
