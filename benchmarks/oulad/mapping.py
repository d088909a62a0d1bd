"""From the tables to messages: directory, catalog, and the commands in their order.

The mapping is that of the data's own README; docs/explanation/open-university.md tells it.
Ids follow from what they name, so that sending everything again repeats nothing (B1).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from benchmarks.oulad.records import Handed, Record, records
from benchmarks.oulad.source import Tables
from benchmarks.oulad.structures import activity_of, structures
from contracts.catalog import CourseStructure
from contracts.commands import (
    WHOLE_COURSE,
    Command,
    EnrollLearner,
    ImportCompletion,
    MarkComplete,
    RecordActivity,
    ResetProgress,
    Submission,
    UnenrollLearner,
)
from contracts.directory import School, User

SCHOOL = "open-university"
PLAN = "learning_center"
REGISTRAR = "registrar"
NAMESPACE = uuid5(NAMESPACE_URL, "https://doi.org/10.1038/sdata.2017.171")
"""The namespace of all ids: the data set itself."""

Named = tuple[str, Command]
"""What a command is called within its learner and course, and the command."""


def directory(tables: Tables) -> Iterator[School | User]:
    """The school, its registrar, and each learner once."""
    yield School(school=SCHOOL, plan=PLAN)
    yield User(school=SCHOOL, user=REGISTRAR, role_level="admin")
    for learner in dict.fromkeys(row["id_student"] for row in tables.registrations):
        yield User(school=SCHOOL, user=learner)


def catalog(tables: Tables, *, vle: bool = False) -> Iterator[CourseStructure]:
    """The structure of each course; with ``vle`` also its section of optional activities."""
    return structures(tables, SCHOOL, vle=vle)


def commands(tables: Tables) -> Iterator[tuple[str, Command]]:
    """Each command after its id: row by row of the registrations, in the order of the file.

    Raises:
        SourceError: as ``records``.
    """
    for record in records(tables):
        whose = f"{SCHOOL}/{record.learner}/{record.course}"
        for name, command in _of(record):
            yield str(uuid5(NAMESPACE, f"{whose}/{name}")), command


def _of(record: Record) -> Iterator[Named]:
    yield "enroll", EnrollLearner(**_whose(record), effective_at=_registered(record))
    gone = record.unregistered
    if gone is None:
        yield from (_submit(record, handed) for handed in record.handed)
    else:
        # Before the submissions of later days: those of the day itself still count.
        yield from (_submit(record, handed) for handed in record.handed if handed.day <= gone)
        yield "unenroll", UnenrollLearner(**_whose(record), effective_at=record.at(gone))
        yield from (_submit(record, handed) for handed in record.handed if handed.day > gone)
    yield from _conclude(record)


def _submit(record: Record, handed: Handed) -> Named:
    activity = activity_of(handed.assessment)
    fields = _whose(record) | {"activity": activity, "effective_at": record.at(handed.day)}
    if not handed.banked:
        return f"{activity}/submit", RecordActivity(**fields, signal=Submission(score=handed.score))
    return f"{activity}/import", ImportCompletion(
        **fields,
        actor=REGISTRAR,
        reason="equivalent_activity",
        score=handed.score,
        send_completion_email=False,
    )


def _conclude(record: Record) -> Iterator[Named]:
    fields = _whose(record) | {"actor": REGISTRAR, "activities": WHOLE_COURSE}
    if record.result in {"Pass", "Distinction"}:
        yield (
            "mark",
            MarkComplete(
                **fields,
                reason="administrative",
                send_completion_email=False,
                effective_at=record.at(record.length),
            ),
        )
    elif record.result == "Fail":
        yield "reset", ResetProgress(**fields)


def _whose(record: Record) -> dict[str, Any]:
    return {"school": SCHOOL, "learner": record.learner, "course": record.course}


def _registered(record: Record) -> datetime | None:
    return None if record.registered is None else record.at(record.registered)
