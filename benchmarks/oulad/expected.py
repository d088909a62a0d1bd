"""What must come of the commands, worked out by another way than Coursemark's.

``python -m benchmarks.oulad.expected DATA OUT`` writes progress.csv, activities.csv,
results.csv and events.csv to OUT, and prints the counts and the files' sha256. Only the
reading of the files is shared with the mapping; nothing is, with ``contracts`` or ``services``.
"""

import argparse
import hashlib
import sys
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from benchmarks.oulad.records import records
from benchmarks.oulad.source import Row, SourceError, Tables, read
from benchmarks.oulad.standing import ACCEPTED, NEVER, Course, Standing, Touched, activity, judge

PROGRESS = (
    "school,learner,course,enrolled,attempt,status,progress_rate,completed_required,required,"
    "average_score,time_spent,provenance,manually_completed,completed_at"
)
ACTIVITIES = (
    "school,learner,course,activity,completed,score,provenance,manually_completed,time_spent,"
    "completed_at"
)


@dataclass
class Expected:
    """Lines of the two files, without header, in their order; counts by name on the wire.

    ``results``: by command and code, which is ``accepted`` or why not.
    """

    progress: list[str] = field(default_factory=list)
    activities: list[str] = field(default_factory=list)
    results: Counter[tuple[str, str]] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)


def expect(tables: Tables, *, vle: bool = False) -> Expected:
    """All that must come of the tables; with ``vle`` as the structures with that section.

    Raises:
        SourceError: repeated_row, where a learner submits or registers twice.
    """
    expected = Expected()
    courses = _courses(tables, vle=vle)
    verdicts = {_key(row): row["final_result"] for row in tables.students}
    handed = _handed(tables)
    for row in sorted(tables.registrations, key=_key):
        course, key = courses[_name(row)], _key(row)
        gone = row["date_unregistration"].replace("?", "")
        here = judge(
            course,
            sorted(handed.get(key, ()), key=_in_order),
            int(gone) if gone else NEVER,
            verdicts[key],
        )
        _add(expected, f"open-university,{key[1]},{key[0]}", course, here)
    return expected


def _add(expected: Expected, whose: str, course: Course, here: Standing) -> None:
    expected.progress.append(f"{whose},{_progress(course, here)}")
    for name, one in sorted(here.touched.items()):
        expected.activities.append(f"{whose},{name},{_activity(course, one)}")
    for (command, code), count in here.results.items():
        expected.results[f"coursemark.commands.{command}.v1", code] += count
    for event, count in here.events.items():
        expected.events[f"coursemark.progress.{event}.v1"] += count


def _courses(tables: Tables, *, vle: bool) -> dict[str, Course]:
    courses = {
        _name(row): Course(_first_day(row), int(row["module_presentation_length"]))
        for row in tables.courses
    }
    for row in tables.assessments:
        course = courses[_name(row)]
        course.required.add(activity(row))
        course.graded[activity(row)] = True
        if row["assessment_type"] == "Exam":
            course.exams.add(activity(row))
    for row in tables.vle if vle else ():
        graded = row["activity_type"] in {"form", "exam", "certificate"}
        courses[_name(row)].graded["vle-" + row["id_site"]] = graded
    return courses


def _handed(tables: Tables) -> dict[tuple[str, str], list[Row]]:
    _refuse_repeats(tables.registrations, "code_module", "code_presentation", "id_student")
    _refuse_repeats(tables.submissions, "id_student", "id_assessment")
    course = {row["id_assessment"]: _name(row) for row in tables.assessments}
    handed: dict[tuple[str, str], list[Row]] = {}
    for row in tables.submissions:
        handed.setdefault((course[row["id_assessment"]], row["id_student"]), []).append(row)
    return handed


def _refuse_repeats(rows: list[Row], *columns: str) -> None:
    for values, count in Counter(tuple(row[c] for c in columns) for row in rows).most_common(1):
        if count > 1:
            which = ", ".join(map(" ".join, zip(columns, values, strict=True)))
            raise SourceError("repeated_row", f"{count} rows have {which}; leave one of them.")


def _progress(course: Course, here: Standing) -> str:
    done = sum(1 for name in course.required if name in here.touched and here.touched[name].how)
    scores = [Fraction(one.score) for one in here.touched.values() if one.score]
    status = "completed" if here.how else "not_completed" if here.touched else "not_started"
    average = _hundredths(sum(scores, Fraction()) / len(scores)) if scores else ""
    rate = _hundredths(Fraction(100 * done, len(course.required)))
    return (
        f"{_truth(here.enrolled)},{here.attempt},{status},{rate},{done},{len(course.required)},"
        f"{average},0,{here.how},{_truth(here.how == 'manual')},{_at(course, here.how, here.day)}"
    )


def _activity(course: Course, one: Touched) -> str:
    return (
        f"{_truth(one.how != '')},{one.score},{one.how},{_truth(one.how == 'manual')},0,"
        f"{_at(course, one.how, one.day)}"
    )


def _at(course: Course, how: str, day: int) -> str:
    return f"{course.first + timedelta(days=day)}T00:00:00Z" if how else ""


def _hundredths(value: Fraction) -> str:
    """Two decimals, exactly; a half goes to the even neighbour, as in IEEE 754."""
    whole, rest = divmod(round(value * 100), 100)
    return f"{whole}.{rest:02}"


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _name(row: Row) -> str:
    return row["code_module"] + "-" + row["code_presentation"]


def _key(row: Row) -> tuple[str, str]:
    return _name(row), row["id_student"]


def _in_order(row: Row) -> tuple[int, int]:
    return int(row["date_submitted"]), int(row["id_assessment"])


def _first_day(row: Row) -> date:
    code = row["code_presentation"]
    return date(int(code[:4]), 2 if code.endswith("B") else 10, 1)


def files(expected: Expected) -> dict[str, bytes]:
    """Name and content of each file: UTF-8, lines that end in a line feed."""
    results = (
        f"{command},accepted,,{count}" if code == ACCEPTED else f"{command},rejected,{code},{count}"
        for (command, code), count in sorted(expected.results.items())
    )
    events = (f"{type_},{count}" for type_, count in sorted(expected.events.items()))
    return {
        "progress.csv": _lines(PROGRESS, expected.progress),
        "activities.csv": _lines(ACTIVITIES, expected.activities),
        "results.csv": _lines("command,outcome,code,count", results),
        "events.csv": _lines("event,count", events),
    }


def _lines(header: str, lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in (header, *lines)).encode()


def main() -> None:
    """Write the files; a sentence and exit code 1 where the data cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oulad.expected")
    parser.add_argument("data", type=Path, help="the folder of the data set")
    parser.add_argument("out", type=Path, help="the folder to write to; made where it is not")
    parser.add_argument("--vle", action="store_true", help="with the optional activities")
    asked = parser.parse_args()
    try:
        tables = read(asked.data)
        deque(records(tables), maxlen=0)  # says what is wrong with a row
        written = files(expect(tables, vle=asked.vle))
    except SourceError as error:
        sys.exit(str(error))
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, content in written.items():
        (asked.out / name).write_bytes(content)
    for name in ("results.csv", "events.csv"):
        print(written[name].decode())
    for name, content in written.items():
        rows = content.count(b"\n") - 1
        print(f"{hashlib.sha256(content).hexdigest()}  {name}  {rows} rows")


if __name__ == "__main__":
    main()
