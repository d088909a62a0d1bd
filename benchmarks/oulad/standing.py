"""Where a learner must stand in a course, judged from the rows as a whole.

Nothing is folded here and nothing of Coursemark is used: the rules are those that mission.md
numbers, for what these tables can hold. A learner submits an assessment once, nothing is said
of time, every assessment is required and open, and the last word on a course is one command.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from benchmarks.oulad.source import Row

NEVER = sys.maxsize
ACCEPTED = "accepted"


@dataclass
class Course:
    """A course's days and activities; ``graded``: of each, whether a mark grades it 100 (M7)."""

    first: date
    length: int
    required: set[str] = field(default_factory=set)
    exams: set[str] = field(default_factory=set)
    graded: dict[str, bool] = field(default_factory=dict)


class Touched(NamedTuple):
    """An activity with something recorded; ``how`` is empty while it is not complete.

    ``score`` is text as in the file, empty for none.
    """

    score: str
    how: str
    day: int


UNTOUCHED = Touched("", "", 0)


@dataclass
class Standing:
    """The learner's last state, and how it came to that; ``how`` and ``day`` are the course's.

    ``results``: by command and code, which is ``accepted`` or why not. ``events``: by name.
    """

    enrolled: bool
    attempt: int = 1
    touched: dict[str, Touched] = field(default_factory=dict)
    how: str = ""
    day: int = 0
    results: Counter[tuple[str, str]] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)


def judge(course: Course, handed: list[Row], gone: int, verdict: str) -> Standing:
    """One learner in one course.

    ``handed`` stands in the order of day and assessment; ``gone`` is the day of
    unregistration, or ``NEVER``; what was handed in on that day still counts (R6).
    """
    here = Standing(enrolled=gone == NEVER)
    here.results["enroll_learner", ACCEPTED] += 1
    here.events["learner_enrolled"] += 1
    if not here.enrolled:
        here.results["unenroll_learner", ACCEPTED] += 1
        here.events["learner_unenrolled"] += 1
    for row in handed:
        in_time = int(row["date_submitted"]) <= gone
        here.results[_command(row), ACCEPTED if in_time else "not_enrolled"] += 1
        if in_time:
            here.touched[activity(row)] = _touch(course, row)
            here.events["assessment_submitted"] += row["is_banked"] == "0"
    _complete(course, here)
    if verdict in {"Pass", "Distinction"}:
        here.results["mark_complete", _mark(course, here)] += 1
    elif verdict == "Fail":
        here.results["reset_progress", _reset(here)] += 1
    return here


def activity(row: Row) -> str:
    """The id of the activity that an assessment, or a submission of it, belongs to."""
    return "assessment-" + row["id_assessment"]


def _command(row: Row) -> str:
    return "import_completion" if row["is_banked"] == "1" else "record_activity"


def _touch(course: Course, row: Row) -> Touched:
    """Imported as given (B4); earned when handed in, an exam with 40 points or more (L1)."""
    score = row["score"].replace("?", "")
    failed = activity(row) in course.exams and (not score or Fraction(score) < 40)
    how = "imported" if row["is_banked"] == "1" else "" if failed else "earned"
    return Touched(score, how, int(row["date_submitted"]))


def _complete(course: Course, here: Standing) -> None:
    """The last required activity completes the course and gives its provenance (M12)."""
    done = [one for one in here.touched.values() if one.how]
    here.events["activity_completed"] += len(done)
    if len(done) == len(course.required):
        here.events["course_completed"] += 1
        here.how, here.day = done[-1].how, max(one.day for one in done)


def _mark(course: Course, here: Standing) -> str:
    """Whatever is left, required or optional (M13), on the last day of the course."""
    if not here.enrolled:
        return "not_enrolled"  # R6
    left = [name for name in course.graded if not here.touched.get(name, UNTOUCHED).how]
    if not left:
        return "already_complete"  # M8
    for name in left:
        score = "100" if course.graded[name] else ""  # M7
        here.touched[name] = Touched(score, "manual", course.length)
    here.events["activity_completed"] += len(left)
    if not here.how:
        here.events["course_completed"] += 1
        here.how = "manual"  # M12
        here.day = max(here.touched[name].day for name in course.required)
    return ACCEPTED


def _reset(here: Standing) -> str:
    if not here.enrolled:
        return "not_enrolled"  # R6
    if not here.touched:
        return "nothing_to_reset"  # R5
    here.events["progress_reset"] += 1
    here.attempt, here.touched, here.how = 2, {}, ""  # R2, R4
    return ACCEPTED
