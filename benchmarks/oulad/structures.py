"""The catalog: a structure for each course."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from benchmarks.oulad.records import course_of
from benchmarks.oulad.source import Row, SourceError, Tables, bad_value, number, optional_number
from contracts.catalog import Activity, CompletionRules, CourseStructure, Section

PASS_MARK = 40.0

_RULES = {
    "TMA": ("form", CompletionRules(submitted=True)),
    "CMA": ("form", CompletionRules(submitted=True)),
    "Exam": ("exam", CompletionRules(passed=PASS_MARK)),
}


def structures(tables: Tables, school: str, *, vle: bool = False) -> Iterator[CourseStructure]:
    """One for each course, in the order of the file.

    With ``vle`` a second section holds the optional activities, where the course has any.

    Raises:
        SourceError: bad_value, no_assessment.
    """
    assessments, sites = _by_course(tables.assessments), _by_course(tables.vle)
    for row in tables.courses:
        course = course_of(row)
        if not assessments[course]:
            raise SourceError(
                "no_assessment",
                f"assessments.csv.gz has none of {course}; add one or leave it out.",
            )
        sections = [_assessments(assessments[course])]
        if vle and sites[course]:
            sections.append(_vle(sites[course]))
        yield CourseStructure(school=school, course=course, version=1, sections=tuple(sections))


def activity_of(assessment: int) -> str:
    """The id of an assessment's activity."""
    return f"assessment-{assessment}"


def _assessments(rows: Iterable[Row]) -> Section:
    ordered = sorted(rows, key=_by_date_and_id)
    return Section(section="assessments", activities=tuple(map(_assessment, ordered)))


def _by_date_and_id(row: Row) -> tuple[bool, int, int]:
    """No date comes last."""
    day = optional_number(row, "date")
    return day is None, day or 0, number(row, "id_assessment")


def _assessment(row: Row) -> Activity:
    if row["assessment_type"] not in _RULES:
        raise bad_value(row, "assessment_type", f"one of {', '.join(_RULES)}")
    type_, rules = _RULES[row["assessment_type"]]
    return Activity(activity=activity_of(number(row, "id_assessment")), type=type_, rules=rules)


def _vle(rows: Iterable[Row]) -> Section:
    rules = CompletionRules(visited=True)
    return Section(
        section="vle",
        activities=tuple(
            Activity(
                activity=f"vle-{row['id_site']}",
                type=row["activity_type"],
                required=False,
                rules=rules,
            )
            for row in rows
        ),
    )


def _by_course(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[course_of(row)].append(row)
    return found
