"""The two files of the load, from the rules' own state: columns, formats and order.

UTF-8; true and false; empty for none; instants ISO 8601 in UTC; rates and averages with two
decimals, other scores as short as they go; seconds; lines end in a line feed; sorted by code
point. ``expected`` writes the same formats by code of its own, and so does the export.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from contracts.topics import Stream
from services.domain.course import Course
from services.domain.state import Completion, Progress
from services.domain.summary import summarise

PROGRESS = (
    "school",
    "learner",
    "course",
    "enrolled",
    "attempt",
    "status",
    "progress_rate",
    "completed_required",
    "required",
    "average_score",
    "time_spent",
    "provenance",
    "manually_completed",
    "completed_at",
)
ACTIVITIES = (
    "school",
    "learner",
    "course",
    "activity",
    "completed",
    "score",
    "provenance",
    "manually_completed",
    "time_spent",
    "completed_at",
)

Cells = tuple[str, ...]


def progress_row(stream: Stream, state: Progress, course: Course) -> Cells:
    """Where the learner stands in the course."""
    summary = summarise(state, course)
    return (
        *stream,
        _truth(state.enrolled),
        str(state.attempt),
        summary.status,
        f"{summary.progress_rate:.2f}",
        str(summary.completed_required),
        str(summary.required),
        "" if summary.average_score is None else f"{summary.average_score:.2f}",
        str(summary.time_spent),
        *_how(state.completion),
        _when(state.completion),
    )


def activity_rows(stream: Stream, state: Progress) -> Iterator[Cells]:
    """Every activity with anything recorded in the current attempt, by its id."""
    for name, activity in sorted(state.activities.items()):
        yield (
            *stream,
            name,
            _truth(activity.completion is not None),
            _score(activity.score),
            *_how(activity.completion),
            str(activity.time_spent),
            _when(activity.completion),
        )


def in_order(row: Cells) -> Cells:
    """The key to sort rows by: course, learner, and what follows."""
    school, learner, course, *rest = row
    return (course, learner, school, *rest)


def write(path: Path, header: Cells, rows: Iterable[Cells]) -> None:
    """Write one of the files, its rows sorted."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        ordered: list[Cells] = sorted(rows, key=in_order)
        writer.writerows(ordered)


def _how(completion: Completion | None) -> tuple[str, str]:
    if completion is None:
        return "", _truth(False)
    return completion.provenance, _truth(completion.manually)


def _when(completion: Completion | None) -> str:
    return "" if completion is None else _instant(completion.effective_at)


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _score(score: float | None) -> str:
    return "" if score is None else str(score).removesuffix(".0")


def _truth(value: bool) -> str:
    return "true" if value else "false"
