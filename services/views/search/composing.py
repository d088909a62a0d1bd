"""Queries put together from fixed pieces: the .sql files of ``projections/search/queries``.

A criterion that is not given leaves its condition out: a statement with "or the parameter is null"
would be planned for all cases at once, and be slow in most. What somebody typed is always a
parameter. A piece names its parameters ``:so``; here they get their numbers.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from projections.sql import statement
from services.views.search.criteria import PEOPLE, Criteria

_NAMED = re.compile(r"(?<!:):([a-z_]+)")
_SECTION = re.compile(r"^-- name: ([a-z_]+)\n", re.MULTILINE)
_PACKAGE = "projections.search"
_ABOUT_PEOPLE = frozenset({"tags", "role_level", "role", "word"})
_COMMON = frozenset({"status", "progress_from", "progress_to"})
"""What many records meet."""


class Query(NamedTuple):
    """SQL with ``$1`` and so on, and what stands in their places."""

    sql: str
    values: tuple[Any, ...]


class Piece(NamedTuple):
    """Text with named parameters, and their values."""

    text: str
    values: Mapping[str, Any]


def page(school: str, criteria: Criteria, after: str, most: int, wanted: int) -> Query:
    """Counts up to so many learners after one, and gives the first that are wanted."""
    conditions = _conditions(criteria)
    source = _source(criteria)
    head, tail = _file("page").split("{learners}")
    common = {"school": school, "after": after, "most": most, "wanted": wanted}
    return _numbered(
        [Piece(head, {}), Piece(_file(source), common), *conditions, Piece(tail, common)]
    )


def records(school: str, criteria: Criteria, learners: Sequence[str]) -> Query:
    """The records of these learners that meet the criteria about records."""
    head, tail = _file("records").split("{conditions}")
    common = {"school": school, "learners": list(learners)}
    return _numbered([Piece(head, common), *_of_records(criteria), Piece(tail, {})])


def _source(criteria: Criteria) -> str:
    match criteria.of_records, criteria.of_people:
        case True, True:
            return "of_records_and_users"
        case True, False:
            return "of_records"
        case False, True:
            return "of_users"
        case _:
            return "of_everybody"


def _conditions(criteria: Criteria) -> list[Piece]:
    given = criteria.given
    people = [Piece(_condition(name), given) for name in given if name in _ABOUT_PEOPLE]
    people += [Piece(_condition("word"), {"word": it}) for it in (criteria.text or "").split()]
    if criteria.inactive_since is None or criteria.course is not None:
        return [*_of_records(criteria), *people]
    others = [name for name in given if name not in PEOPLE | {"inactive_since"}]
    if _COMMON.issuperset(others):
        names = ["all_inactive", *others, "all_inactive_end"]
        return [*people, *(Piece(_condition(name), given) for name in names)]
    return [*_of_records(criteria), Piece(_condition("inactive_everywhere"), given), *people]


def _of_records(criteria: Criteria) -> list[Piece]:
    given = criteria.given
    about = [name for name in given if name in _sections() and name not in _ABOUT_PEOPLE]
    return [Piece(_condition(name), given) for name in about]


def _numbered(pieces: Sequence[Piece]) -> Query:
    """One text; a parameter is numbered where it first stands."""
    values: list[Any] = []

    def number(piece: Piece) -> str:
        places: dict[str, int] = {}

        def place(found: re.Match[str]) -> str:
            name = found[1]
            if name not in places:
                values.append(piece.values[name])
                places[name] = len(values)
            return f"${places[name]}"

        return _NAMED.sub(place, piece.text)

    return Query("\n".join(map(number, pieces)), tuple(values))


def _condition(name: str) -> str:
    return _sections()[name]


@cache
def _sections() -> Mapping[str, str]:
    """The conditions by name."""
    _, *rest = _SECTION.split(_file("conditions"))
    return {name: text.strip() for name, text in zip(rest[::2], rest[1::2], strict=True)}


@cache
def _file(name: str) -> str:
    """A query without its comment lines, which may have colons."""
    lines = statement(_PACKAGE, f"queries/{name}").splitlines(keepends=True)
    return "".join(it for it in lines if not it.startswith("-- ") or it.startswith("-- name: "))
