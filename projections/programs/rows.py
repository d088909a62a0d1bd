"""A row per programme, its latest structure; a row per learner and programme completed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from contracts.events import LearningProgramCompleted, LearningProgramPublished
from contracts.fields import Provenance
from projections.definition import Change, Recorded, Row, Table, Write


class StructureRow(NamedTuple):
    """A programme; its stream is named by ``~programs`` for a learner and its id for a course.

    ``courses`` and ``required``: ids in order, joined by ``/``, which no id holds.
    """

    school: str
    learner: str
    course: str
    program_version: int
    title: str | None
    courses: str
    required: str
    published_at: datetime


class AwardRow(NamedTuple):
    """A programme that a learner has completed; ``~programs`` stands for a course.

    ``required``: the courses that were, in order; ``version`` is the stream's.
    """

    school: str
    learner: str
    course: str
    version: int
    program: str
    program_version: int
    required: Sequence[str]
    provenance: Provenance
    cause: str
    recorded_at: datetime
    effective_at: datetime


TABLES: Final = (
    Table("structures", StructureRow._fields, restores=False, put="put_structures"),
    Table("awards", AwardRow._fields, restores=False),
)

News = Sequence[Recorded]
"""The new events of a stream: no more of a state is needed."""


def fold(_before: News | None, events: News) -> News:
    """The new events themselves."""
    return events


def writes(changes: Sequence[Change[News]]) -> list[Write]:
    """The latest structures and every completion; parts without rows are left out."""
    parts = [
        Write("put_structures", [row for it in changes for row in _structure(it)]),
        Write("awards", [row for it in changes for row in _awards(it)]),
    ]
    return [part for part in parts if part.rows]


def _structure(change: Change[News]) -> Iterator[Row]:
    """The last one of the news."""
    for recorded in reversed(change.after):
        event = recorded.logged
        if isinstance(event, LearningProgramPublished):
            courses = event.structure.courses
            yield StructureRow(
                *change.stream,
                event.program_version,
                event.structure.title,
                "/".join(it.course for it in courses),
                "/".join(it.course for it in courses if it.required),
                event.recorded_at,
            )
            return


def _awards(change: Change[News]) -> Iterator[Row]:
    for recorded in change.after:
        event = recorded.logged
        if isinstance(event, LearningProgramCompleted):
            yield AwardRow(
                *change.stream,
                recorded.version,
                event.program,
                event.program_version,
                [*event.courses],
                event.provenance,
                event.cause,
                event.recorded_at,
                event.effective_at,
            )
