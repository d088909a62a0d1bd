"""A row of an operation becomes the commands of one learner in one course (M2, M3, R1, B8). Pure.

Their ids follow from the operation, the row and the step (uuid5), so that a repeated split repeats
nothing. A retry has ids of its own: what it asks for was refused before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from contracts.commands import (
    WHOLE_COURSE,
    Command,
    EnrollLearner,
    ImportCompletion,
    MarkComplete,
    ResetProgress,
    UndoCommand,
)
from contracts.operations import (
    MAX_ROWS,
    BeginningCommand,
    BulkEnroll,
    BulkImport,
    BulkMarkComplete,
    BulkResetProgress,
    UndoOperation,
)
from contracts.results import Code

SKIPS: frozenset[Code] = frozenset(
    {
        "already_complete",
        "already_enrolled",
        "nothing_to_reset",
        "nothing_to_undo",
        "already_undone",
    }
)
"""Refusals that say that there was nothing to do: a business repeat is harmless (B1)."""

Outcome = Literal["done", "skipped", "failed"]


def part_id(school: str, operation: str, part: int) -> str:
    """The id of a message that brings a part: sent again, it is answered alike."""
    return str(uuid5(NAMESPACE_URL, f"coursemark:operation:{school}/{operation}/{part}"))


def in_parts(whom: Sequence[str] | str) -> list[dict[str, Any]]:
    """For whom each part of an operation is: so many learners, or whom a saved search finds."""
    if isinstance(whom, str):
        return [{"search": whom}]
    starts = range(0, len(whom), MAX_ROWS)
    return [{"learners": tuple(whom[start : start + MAX_ROWS])} for start in starts]


class Row(NamedTuple):
    """One learner in one course; the rest stands in rows of imports alone.

    ``begins``: the first row of this learner in this course, with which they are enrolled.
    """

    row: int
    learner: str
    course: str
    activity: str | None = None
    completed: bool = True
    completed_at: datetime | None = None
    enrolled_at: datetime | None = None
    score: float | None = None
    reason: str | None = None
    note: str | None = None
    begins: bool = True

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> "Row":
        """A row as it is stored, instants in ISO 8601."""
        instants = {
            name: datetime.fromisoformat(fields[name])
            for name in ("completed_at", "enrolled_at")
            if fields.get(name) is not None
        }
        known = {name: value for name, value in fields.items() if name in cls._fields}
        return cls(**known | instants)


class Step(NamedTuple):
    """A command under its id."""

    command_id: str
    command: Command


class Said(NamedTuple):
    """What one command was answered; ``code`` of none: it was accepted."""

    code: Code | Literal["nothing_asked"] | None = None
    message: str | None = None


def steps(asked: BeginningCommand, row: Row, actor: str, try_: int) -> Iterator[Step]:
    """The row's commands, in order, for which ``actor`` answers; ``try_``: which retry, or 0."""
    fields: dict[str, Any] = {
        "school": asked.school,
        "learner": row.learner,
        "course": row.course,
        "source": asked.source,
        "correlation_id": asked.correlation_id,
        "batch_id": asked.operation,
        "actor": actor,
    }
    why = {"reason": row.reason or asked.reason, "note": row.note or asked.note}
    for name, command in _commands(asked, row, fields, fields | why):
        yield Step(_id(asked, row, name, try_), command)


def _commands(
    asked: BeginningCommand, row: Row, plain: dict[str, Any], full: dict[str, Any]
) -> Iterator[tuple[str, Command]]:
    at: dict[str, Any] = {"effective_at": asked.effective_at}
    email: dict[str, Any]
    match asked:
        case BulkEnroll():
            yield "enroll", EnrollLearner(**plain, **at)
            if asked.mark_complete:
                email = {"send_completion_email": bool(asked.send_completion_email)}
                yield "mark", MarkComplete(**full, **at, activities=WHOLE_COURSE, **email)
        case BulkMarkComplete():
            email = {"send_completion_email": asked.send_completion_email}
            yield "mark", MarkComplete(**full, **at, activities=asked.activities, **email)
        case BulkResetProgress():
            at["completed_until"] = asked.completed_until
            yield "reset", ResetProgress(**full, **at, activities=asked.activities)
        case BulkImport():
            if asked.enroll and row.begins:
                yield "enroll", EnrollLearner(**plain, effective_at=row.enrolled_at)
            if row.completed:
                yield "import", _import(asked, row, full)
        case UndoOperation():
            yield (
                "undo",
                UndoCommand(
                    **full, undoes_operation=asked.undoes, include_later=asked.include_later
                ),
            )
        case _:
            raise TypeError(f"no rows of {type(asked).__name__}")


def _import(asked: BulkImport, row: Row, full: dict[str, Any]) -> ImportCompletion:
    return ImportCompletion(
        **full,
        activity=row.activity,
        whole_course=row.activity is None,
        score=row.score,
        effective_at=row.completed_at or asked.effective_at,
        send_completion_email=asked.send_completion_email,
    )


def _id(asked: BeginningCommand, row: Row, step: str, try_: int) -> str:
    place = f"{asked.school}/{asked.operation}/{try_}/{step}"
    about = f"{row.learner}/{row.course}/{row.activity or ''}/{row.completed}"
    return str(uuid5(NAMESPACE_URL, f"coursemark:operation:{place}:{about}"))


NOTHING_ASKED = Said(
    "nothing_asked",
    "The row completes nothing, and enrols nobody whom no row before it enrols; leave it out.",
)
"""Of a row without a command."""


def outcome(said: Sequence[Said]) -> tuple[Outcome, Said]:
    """What became of a row whose commands were answered so, and the answer that tells.

    A row has failed with the first refusal that says more than that there was nothing to do.
    """
    for one in said:
        if one.code is not None and one.code not in SKIPS:
            return "failed", one
    if any(one.code is None for one in said):
        return "done", Said()
    return "skipped", said[-1] if said else NOTHING_ASKED


def counted(outcomes: Iterable[tuple[Outcome, Said]], which: Outcome) -> dict[str, int]:
    """How many of an outcome there are, by code."""
    counts: dict[str, int] = {}
    for found, said in outcomes:
        if found == which:
            counts[said.code or ""] = counts.get(said.code or "", 0) + 1
    return counts
