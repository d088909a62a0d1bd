"""A line of the file as what it says: who, what, when, with all that is wrong with its cells."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from contracts.fields import Reason
from services.imports import values
from services.imports.columns import Columns, Field
from services.imports.problems import Flaw, Problem
from services.imports.table import Cell, Line

WHO: tuple[Field, ...] = ("learner", "email", "username")
WHAT: tuple[Field, ...] = ("course", "courses", "programs")
_ALIKE: Mapping[Field, tuple[Field, ...]] = {"email": WHO, "course": WHAT}
"""Columns of which one has to say something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What whoever imports has to say; ``now`` in UTC, ``reason`` and ``note`` of lines without.

    ``complete``: lines that do not say whether they complete do. ``enroll``: who is not enrolled
    is. ``create_users``, ``add_tags``: whether the directory is written to.
    """

    school: str
    now: datetime
    zone: ZoneInfo
    dates: values.Order | None = None
    complete: bool = False
    enroll: bool = False
    create_users: bool = False
    add_tags: bool = False
    ignore_columns: bool = False
    reason: Reason = "migration"
    note: str | None = None


class Said(NamedTuple):
    """What a line says, as far as it can be read."""

    line: int
    learner: str = ""
    email: str = ""
    username: str = ""
    name: str = ""
    tags: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    activity: str = ""
    completed: bool | None = None
    completed_at: datetime | None = None
    enrolled_at: datetime | None = None
    score: float | None = None
    reason: Reason | None = None
    note: str | None = None

    @property
    def person(self) -> str:
        """Who it is about, in the words of the file: equal where it is the same."""
        return self.learner or self.email.lower() or self.username


class Reader:
    """Reads the lines of one file."""

    def __init__(self, columns: Columns, choices: Choices) -> None:
        self._columns = columns
        when = partial(values.moment, order=choices.dates, zone=choices.zone, now=choices.now)
        self._read: dict[Field, Callable[[Cell], Any]] = {
            "email": values.email,
            "first_name": values.label,
            "last_name": values.label,
            "courses": values.several,
            "programs": values.several,
            "completed_at": when,
            "enrolled_at": when,
            "score": values.score,
            "reason": values.reason,
            "note": values.note,
            "completed": values.truth,
            "tags": values.tags,
        }
        self._complete = choices.complete
        self.has_password = False

    def read(self, line: Line) -> tuple[Said, list[Problem]]:
        """What it says, and what is wrong with its cells."""
        if line.flaw is not None:
            problem = Problem(line.number, None, line.flaw.code, f"The line {line.flaw.message}.")
            return Said(line.number), [problem]
        found: dict[str, Any] = {}
        problems: list[Problem] = []
        width = len(self._columns.fields)
        for place, cell in enumerate(line.cells[:width]):
            field = self._columns.fields[place]
            if cell == "" or field is None:
                if cell != "" and not self._columns.names[place]:
                    problems.append(_nameless(line.number))
                continue
            if field == "password":
                self.has_password = True  # and nothing of it is kept
                continue
            try:
                found[field] = self._read.get(field, values.text)(cell)
            except Flaw as flaw:
                problems.append(self._flawed(line.number, field, flaw))
        problems += self._of_shape(line, width)
        said = self._said(line.number, found)
        if not any(it.code == "cut_off" for it in problems):
            problems += self._of_sense(said, {it.column for it in problems})
        return said, problems

    def _flawed(self, line: int, field: Field, flaw: Flaw) -> Problem:
        name = self._columns.name(field)
        return Problem(line, name, flaw.code, f"{name} {flaw}.")

    def _of_shape(self, line: Line, width: int) -> Iterator[Problem]:
        if line.cut:
            yield Problem(
                line.number,
                None,
                "cut_off",
                f"The line has {len(line.cells)} cells of {width}: it is cut off, or a delimiter "
                "is missing.",
            )
        if any(cell != "" for cell in line.cells[width:]):
            yield Problem(
                line.number,
                None,
                "too_many_cells",
                f"The line has more cells than the {width} headings; quote cells that hold the "
                "delimiter.",
            )

    def _said(self, line: int, found: dict[str, Any]) -> Said:
        first, last = found.pop("first_name", ""), found.pop("last_name", "")
        name = f"{first} {last}".strip() or found.get("username", "")
        course = found.pop("course", "")
        courses = ((course,) if course else ()) + found.pop("courses", ())
        said = Said(line, name=name[:200], courses=tuple(dict.fromkeys(courses)), **found)
        if said.completed is None and self._completes(said):
            return said._replace(completed=True)
        return said

    def _completes(self, said: Said) -> bool:
        """Whoever gives an activity, a day of completion or a score means that it is complete."""
        return _achieved(said) or self._complete

    def _of_sense(self, said: Said, flawed: set[str | None]) -> Iterator[Problem]:
        """What the cells do not mean together; not where one of them cannot be read."""
        problem = partial(self._senseless, said.line, flawed)
        if not said.person:
            yield from problem(
                "email", "missing_learner", "The line does not say who: give an id or an address."
            )
        if not said.courses and not said.programs:
            what = "completes something without a course" if said.completed else "names no course"
            code = "completed_without_course" if said.completed else "missing_course"
            yield from problem("course", code, f"The line {what}; name one.")
        if said.activity and (len(said.courses) > 1 or said.programs):
            yield from problem(
                "activity",
                "activity_of_several",
                "An activity belongs to one course; write a line for each course.",
            )
        if said.completed is False and _achieved(said):
            yield from problem(
                "completed",
                "not_completed",
                "The line says that nothing is completed, and what was; leave one of them out.",
            )

    def _senseless(
        self, line: int, flawed: set[str | None], field: Field, code: str, sentence: str
    ) -> Iterator[Problem]:
        of_field = _ALIKE.get(field, (field,))
        if not any(self._columns.name(it) in flawed - {None} for it in of_field):
            yield Problem(line, self._columns.name(*of_field), code, sentence)


def _achieved(said: Said) -> bool:
    return bool(said.activity) or said.completed_at is not None or said.score is not None


def _nameless(line: int) -> Problem:
    return Problem(
        line, None, "cell_without_column", "The line has a cell under no heading; name the column."
    )
