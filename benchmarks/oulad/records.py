"""All that the tables say of one learner in one course, gathered from four of them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from benchmarks.oulad.source import Row, SourceError, Tables, bad_value, number, optional_number

_FIRST_MONTH = {"B": 2, "J": 10}
_RESULTS = ("Distinction", "Fail", "Pass", "Withdrawn")


class Handed(NamedTuple):
    """One submission; ``banked``: carried over from an earlier presentation."""

    day: int
    assessment: int
    banked: bool
    score: float | None


class Record(NamedTuple):
    """One registration and what followed; days count from ``day_0``.

    ``handed`` is in the order of day and assessment.
    """

    learner: str
    course: str
    day_0: datetime
    length: int
    registered: int | None
    unregistered: int | None
    handed: list[Handed]
    result: str

    def at(self, day: int) -> datetime:
        """The first instant of that day."""
        return self.day_0 + timedelta(days=day)


def records(tables: Tables) -> Iterator[Record]:
    """One for each registration, in the order of the file.

    Raises:
        SourceError: bad_value, or unknown_reference where a row names what no table has.
    """
    lengths = {course_of(row): number(row, "module_presentation_length") for row in tables.courses}
    results = {(row["id_student"], course_of(row)): row for row in tables.students}
    handed = _handed(tables)
    for row in tables.registrations:
        learner, course = key = row["id_student"], course_of(row)
        if course not in lengths:
            raise _unknown(row, "courses")
        if key not in results:
            raise _unknown(row, "studentInfo")
        yield Record(
            learner,
            course,
            _day_0(row),
            lengths[course],
            optional_number(row, "date_registration"),
            optional_number(row, "date_unregistration"),
            sorted(handed.get(key, ()), key=_by_day_and_assessment),
            _result(results[key]),
        )


def course_of(row: Row) -> str:
    """The id of the course that the row names by module and presentation."""
    return f"{row['code_module']}-{row['code_presentation']}"


def _handed(tables: Tables) -> dict[tuple[str, str], list[Handed]]:
    courses = {row["id_assessment"]: course_of(row) for row in tables.assessments}
    registered = {(row["id_student"], course_of(row)) for row in tables.registrations}
    handed: dict[tuple[str, str], list[Handed]] = defaultdict(list)
    for row in tables.submissions:
        course = courses.get(row["id_assessment"])
        if course is None:
            raise _unknown(row, "assessments")
        if (row["id_student"], course) not in registered:
            raise _unknown(row, "studentRegistration")
        handed[row["id_student"], course].append(_submission(row))
    return handed


def _submission(row: Row) -> Handed:
    if row["is_banked"] not in {"0", "1"}:
        raise bad_value(row, "is_banked", "0 or 1")
    return Handed(
        number(row, "date_submitted"),
        number(row, "id_assessment"),
        row["is_banked"] == "1",
        _score(row),
    )


def _score(row: Row) -> float | None:
    if row["score"] in {"", "?"}:
        return None
    try:
        score = float(row["score"])
    except ValueError:
        score = -1
    if not 0 <= score <= 100:
        raise bad_value(row, "score", "0 to 100 points")
    return score


def _result(row: Row) -> str:
    if row["final_result"] not in _RESULTS:
        raise bad_value(row, "final_result", f"one of {', '.join(_RESULTS)}")
    return row["final_result"]


def _by_day_and_assessment(handed: Handed) -> tuple[int, int]:
    return handed.day, handed.assessment


def _day_0(row: Row) -> datetime:
    """1 February of the year in the code for B, 1 October for J, 00:00 UTC."""
    year, letter = row["code_presentation"][:-1], row["code_presentation"][-1:]
    if letter not in _FIRST_MONTH or not (year.isdecimal() and len(year) == 4):
        raise bad_value(row, "code_presentation", "a year and B or J")
    return datetime(int(year), _FIRST_MONTH[letter], 1, tzinfo=UTC)


def _unknown(row: Row, table: str) -> SourceError:
    return SourceError(
        "unknown_reference", f"{table}.csv.gz has no row for {row}; add that row or leave this out."
    )
