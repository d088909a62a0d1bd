"""The Open University's completions as the one file that a school would import.

A line for each assessment handed in (an exam only where it was passed), for each course passed,
and for each registration of which neither came. Each says when: what comes of the file depends on
no clock.
"""

import csv
import random
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from benchmarks.oulad.records import Handed, Record, records
from benchmarks.oulad.source import Tables
from benchmarks.oulad.structures import PASS_MARK, activity_of

HEADINGS = (
    *("learner", "course", "activity", "completed", "completed_at", "enrolled_at", "score"),
    "reason",
)
Cells = tuple[str, ...]


def completions(tables: Tables) -> Iterator[Cells]:
    """Line by line, in the order of the registrations."""
    exams = {
        int(row["id_assessment"]) for row in tables.assessments if row["assessment_type"] == "Exam"
    }
    for record in records(tables):
        yield from _of(record, exams)


def _of(record: Record, exams: set[int]) -> Iterator[Cells]:
    begun = _day(record.at(record.registered or 0))
    who = record.learner, record.course
    handed = [it for it in record.handed if it.assessment not in exams or _passed(it)]
    for it in handed:
        score = "" if it.score is None else f"{it.score:g}"
        reason = "equivalent_activity" if it.banked else "migration"
        when = _day(record.at(it.day))
        yield (*who, activity_of(it.assessment), "yes", when, begun, score, reason)
    if record.result in {"Pass", "Distinction"}:
        when = _day(record.at(record.length))
        yield (*who, "", "yes", when, begun, "", "administrative")
    elif not handed:
        yield (*who, "", "no", "", begun, "", "")


def _passed(handed: Handed) -> bool:
    return handed.score is not None and handed.score >= PASS_MARK


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def write(path: Path, lines: Iterable[Cells], headings: Cells = HEADINGS) -> Path:
    """Write them as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(lines)
    return path


def shuffled(lines: Iterable[Cells], seed: int) -> list[Cells]:
    """The same lines in another order."""
    found = list(lines)
    random.Random(seed).shuffle(found)
    return found
