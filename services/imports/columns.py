"""Headings: ours, and those that LearnWorlds' users know; capitals make no difference."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from contracts.problems import shown
from services.imports.problems import Problem
from services.imports.table import Cell, Flawed, Line

Field = Literal[
    "learner",
    "email",
    "username",
    "first_name",
    "last_name",
    "course",
    "courses",
    "programs",
    "activity",
    "completed_at",
    "enrolled_at",
    "score",
    "reason",
    "note",
    "completed",
    "tags",
    "password",
]

_HEADINGS: Mapping[Field, tuple[str, ...]] = {
    "learner": ("learner", "learner id", "user id"),
    "email": ("email", "e mail", "email address", "e mail address"),
    "username": ("username", "user name"),
    "first_name": ("first name",),
    "last_name": ("last name",),
    "course": ("course", "course id"),
    "courses": ("courses",),
    "programs": (
        "learning programs",
        "learning program",
        "learning programmes",
        "learning programme",
        "programs",
        "program",
    ),
    "activity": ("activity", "activity id"),
    "completed_at": ("completed at", "completion date"),
    "enrolled_at": ("enrolled at", "enrolment date", "enrollment date"),
    "score": ("score",),
    "reason": ("reason",),
    "note": ("note",),
    "completed": ("completed",),
    "tags": ("tags", "tag"),
    "password": ("password",),
}
_BY_HEADING: Mapping[str, Field] = {
    heading: field for field, headings in _HEADINGS.items() for heading in headings
}
_BETWEEN = re.compile(r"[\s_\-]+")
_WHO: frozenset[Field] = frozenset({"learner", "email", "username"})
_WHAT: frozenset[Field] = frozenset({"course", "courses", "programs"})


class Columns(NamedTuple):
    """What stands in each column; none: nothing that is imported. ``names``: as in the file."""

    fields: tuple[Field | None, ...]
    names: tuple[str, ...]

    def name(self, *fields: Field) -> str | None:
        """The heading of the first of these fields that the file has, or none."""
        places = [self.fields.index(field) for field in fields if field in self.fields]
        return self.names[places[0]] if places else None


def known_headings(cells: Sequence[str]) -> int:
    """How many of these are headings that we know."""
    return sum(_plain(cell) in _BY_HEADING for cell in cells)


def columns(header: Line, *, ignore_unknown: bool) -> tuple[Columns, list[Problem]]:
    """What the columns are, and all that is wrong with the headings."""
    names = tuple(_name(cell) for cell in header.cells)
    fields = tuple(_BY_HEADING.get(_plain(name)) for name in names)
    found = Columns(fields, names)
    problems = [*_unreadable(header), *_twice(fields), *_missing(fields)]
    if not ignore_unknown:
        problems += _unknown(found)
    return found, [it._replace(line=header.number, whole_file=True) for it in problems]


def _name(cell: Cell) -> str:
    """A heading, as a message may repeat it."""
    return "" if isinstance(cell, Flawed) else shown(str(cell))


def _plain(name: str) -> str:
    return _BETWEEN.sub(" ", name).strip().lower()


def _unreadable(header: Line) -> Iterator[Problem]:
    for place, cell in enumerate(header.cells, 1):
        if isinstance(cell, Flawed):
            yield Problem(None, None, cell.code, f"The heading of column {place} {cell.message}.")


def _unknown(found: Columns) -> Iterator[Problem]:
    for name, field in zip(found.names, found.fields, strict=True):
        if field is None and name:
            yield Problem(
                None,
                name,
                "unknown_column",
                f"The column {name} is not known; correct its heading, or leave such columns out "
                "with --ignore-columns.",
            )


def _twice(fields: Sequence[Field | None]) -> Iterator[Problem]:
    for field, times in Counter(filter(None, fields)).items():
        if times > 1:
            yield Problem(
                None, None, "column_twice", f"{times} columns mean {field}; keep one of them."
            )


def _missing(fields: Sequence[Field | None]) -> Iterator[Problem]:
    if not _WHO & set(fields):
        yield Problem(
            None,
            None,
            "missing_column",
            "No column says who: give one the heading learner, email or username.",
        )
    if not _WHAT & set(fields):
        yield Problem(
            None,
            None,
            "missing_column",
            "No column says what: give one the heading course, courses or learning programs.",
        )
