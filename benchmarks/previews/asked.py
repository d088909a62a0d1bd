"""What is asked for: three bulk commands, an import, an undo, each as an operation and by words."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from benchmarks.oulad.completions import Cells
from benchmarks.previews import school
from benchmarks.previews.school import DEAN, FIRST_AID, HARBOUR, STARTER
from contracts.commands import WHOLE_COURSE
from contracts.operations import (
    MAX_ROWS,
    BeginningCommand,
    BulkEnroll,
    BulkImport,
    BulkMarkComplete,
    BulkResetProgress,
    ImportRow,
    UndoOperation,
)

HEADINGS = ("learner", "course", "activity", "completed_at", "score")
DAY = "2024-05-0{}"


def whom(group: str, size: int) -> list[str]:
    """A group, somebody of it twice, some of the other school, and some whom nobody has."""
    names = [school.learner(group, number) for number in range(size)]
    middle = size // 2
    return [*names[:middle], *school.FOREIGN, names[0], *names[middle:], *school.UNKNOWN]


def enrol(learners: Sequence[str], **how: Any) -> list[BeginningCommand]:
    """In both courses of the programme, and marked complete, with the e-mail (M3)."""
    asked = {"programs": (STARTER,), "mark_complete": True, "send_completion_email": True}
    return _parts(BulkEnroll, "learners", learners, **asked, **how)


def mark(learners: Sequence[str], *activities: str, **how: Any) -> list[BeginningCommand]:
    """These activities of first aid, with the e-mail (M2)."""
    asked = {"course": FIRST_AID, "activities": activities, "send_completion_email": True}
    return _parts(BulkMarkComplete, "learners", learners, **asked, **how)


def reset(learners: Sequence[str], **how: Any) -> list[BeginningCommand]:
    """All of first aid (R1)."""
    asked = {"course": FIRST_AID, "activities": WHOLE_COURSE}
    return _parts(BulkResetProgress, "learners", learners, **asked, **how)


def undo(undoes: str, **how: Any) -> list[BeginningCommand]:
    """All that an operation did (B7)."""
    return [UndoOperation(school=HARBOUR, actor=DEAN, undoes=undoes, **how)]


def imported(lines: Sequence[Cells], **how: Any) -> list[BeginningCommand]:
    """The lines of a file as rows; who is not enrolled is enrolled (B8)."""
    rows = [_row(number, line) for number, line in enumerate(lines, 2)]
    asked = {"enroll": True, "send_completion_email": True, "source": "import"}
    return _parts(BulkImport, "rows", rows, **asked, **how)


def lines(size: int) -> list[Cells]:
    """What another platform knew: activities of some, whole courses of others, and strangers."""
    known = [it for number in range(size) for it in _lines(number)]
    strangers = [*school.FOREIGN, *school.UNKNOWN]
    return [*known, *((name, FIRST_AID, "", DAY.format(9), "") for name in strangers)]


def _lines(number: int) -> Iterator[Cells]:
    name = school.learner("import", number)
    if school.stands(number) > school.HAS_PASSED:
        yield name, FIRST_AID, "", DAY.format(1), ""
        return
    yield name, FIRST_AID, "read", DAY.format(1), ""
    yield name, FIRST_AID, "quiz", DAY.format(2), str(60 + number % 40)
    yield name, FIRST_AID, "practical", DAY.format(3), ""


def _row(number: int, line: Cells) -> ImportRow:
    name, course, activity, day, score = line
    return ImportRow(
        line=number,
        learner=name,
        course=course,
        activity=activity or None,
        completed_at=datetime.fromisoformat(day).replace(tzinfo=UTC),
        score=float(score) if score else None,
    )


def _parts(
    model: type[BeginningCommand], field: str, several: Sequence[Any], **asked: Any
) -> list[BeginningCommand]:
    starts = range(0, len(several), MAX_ROWS)
    return [
        model(
            school=HARBOUR,
            actor=DEAN,
            part=part,
            parts=len(starts),
            **asked | {field: tuple(several[start : start + MAX_ROWS])},
        )
        for part, start in enumerate(starts, 1)
    ]
