"""Two small projections with totals.

`SPENT` has totals alone and keeps no state: reports of time and their seconds by day, and the
learning programmes that were completed. `ROLL` has a table beside them, of which a column depends
on the course's structure: who is enrolled, and how many are now. `MISTAKEN` counts them again
with each structure, which nothing may do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contracts.events import (
    LearnerEnrolled,
    LearnerUnenrolled,
    LearningProgramCompleted,
    TimeSpentRecorded,
)
from contracts.registry import name_of
from contracts.topics import Stream
from projections.definition import Projection, Table, Totals, Write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projections.definition import Change, Recorded, Row

DAYS = Totals("days", ("school", "day"), ("reports", "seconds"))
PROGRAMS = Totals("programs", ("school", "program"), ("completed",))
ENROLLED = Totals("enrolled", ("school", "course"), ("learners",))


def _same(_before: object, events: Sequence[Recorded]) -> Sequence[Recorded]:
    return events


def _spent(changes: Sequence[Change[Sequence[Recorded]]]) -> list[Write]:
    events = [recorded.logged for change in changes for recorded in change.after]
    return [
        Write(
            DAYS.add,
            [
                (it.school, it.effective_at.date(), 1, it.seconds)
                for it in events
                if isinstance(it, TimeSpentRecorded)
            ],
        ),
        Write(
            PROGRAMS.add,
            [
                (it.school, it.program, 1)
                for it in events
                if isinstance(it, LearningProgramCompleted)
            ],
        ),
    ]


SPENT = Projection["Sequence[Recorded]"](
    name="spent",
    version=1,
    package="tests.support.tallies.spent",
    handles=frozenset({name_of(TimeSpentRecorded), name_of(LearningProgramCompleted)}),
    totals=(DAYS, PROGRAMS),
    fold=_same,
    writes=_spent,
)


def _restore(rows: Mapping[str, Sequence[Row]]) -> dict[Stream, bool]:
    return {Stream(*row[:3]): row[3] for row in rows["learners"]}


def _enrolled(_before: bool | None, events: Sequence[Recorded]) -> bool:
    return isinstance(events[-1].event, LearnerEnrolled)


def _roll(changes: Sequence[Change[bool]]) -> list[Write]:
    return [
        Write(
            "put_learners",
            [
                (*it.stream, it.after, 0 if it.course is None else it.course.version)
                for it in changes
            ],
        ),
        Write(
            ENROLLED.add,
            [(it.stream.school, it.stream.course, it.after - bool(it.before)) for it in changes],
        ),
    ]


ROLL = Projection[bool](
    name="roll",
    version=1,
    package="tests.support.tallies.roll",
    handles=frozenset({name_of(LearnerEnrolled), name_of(LearnerUnenrolled)}),
    courses=True,
    tables=(
        Table(
            "learners",
            ("school", "learner", "course", "enrolled", "structure_version"),
            put="put_learners",
        ),
    ),
    totals=(ENROLLED,),
    restore=_restore,
    fold=_enrolled,
    writes=_roll,
)


def _mistaken(changes: Sequence[Change[bool]]) -> list[Write]:
    rows, _ = _roll(changes)
    counted = [(it.stream.school, it.stream.course, int(it.after)) for it in changes]
    return [rows, Write(ENROLLED.add, counted)]


MISTAKEN: Projection[Any] = replace(ROLL, writes=_mistaken)
