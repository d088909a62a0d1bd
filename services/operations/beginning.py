"""An operation begins, or one more of its parts comes."""

from datetime import datetime
from typing import Any

import asyncpg
import orjson

from contracts.operations import (
    FINAL,
    BeginningCommand,
    BulkEnroll,
    BulkImport,
    BulkMarkComplete,
    BulkResetProgress,
    Kind,
    UndoOperation,
)
from contracts.topics import course_stream, program_stream
from services.domain.decision import Refused
from services.operations.sql import query
from services.views.search.saved import saved

_KINDS: dict[type[BeginningCommand], Kind] = {
    BulkEnroll: "enroll",
    BulkMarkComplete: "mark_complete",
    BulkResetProgress: "reset_progress",
    BulkImport: "import",
    UndoOperation: "undo",
}
_MODELS = {kind: model for model, kind in _KINDS.items()}
_OF_A_PART = ("part", "learners", "rows")
"""What differs from one part of an operation to the next."""
_NOBODY: dict[str, dict[str, Any]] = {
    "import": {"rows": [{"line": 1, "learner": "-", "course": "-"}]},
}


async def begin(
    connection: asyncpg.Connection,
    command_id: str,
    command: BeginningCommand,
    now: datetime,
    schedule: str | None = None,
) -> Refused | None:
    """Write the operation and this part, within a transaction of the caller's; once.

    The caller has looked whether the actor may. Returns why it cannot begin, or none; then nothing
    was written.
    """
    refused = await unknown(connection, command)
    if refused is not None:
        return refused
    template = template_of(command)
    place = command.school, command.operation
    undoes = command.undoes if isinstance(command, UndoOperation) else None
    await connection.execute(
        query("begin"),
        *place,
        _KINDS[type(command)],
        "validating" if command.start_at is None else "scheduled",
        command.dry_run,
        template,
        command.parts,
        command.actor,
        command.reason,
        command.note,
        command.source,
        command.correlation_id,
        undoes,
        schedule,
        now,
        command.start_at,
    )
    row = await connection.fetchrow(query("lock"), *place, template)
    if not row["same"]:
        return _conflict(command, "was begun with another command; give this one an id of its own")
    body = command.to_json()
    if await connection.fetchval(query("part_is"), *place, command.part, body) is False:
        return _conflict(command, f"has another part {command.part} already")
    if row["state"] in FINAL:
        return None
    await connection.execute(query("part_put"), *place, command.part, command_id, body)
    return None


def template_of(command: BeginningCommand) -> str:
    """What all parts of the operation have in common, as JSON."""
    return orjson.dumps(
        {
            name: value
            for name, value in orjson.loads(command.to_json()).items()
            if name not in _OF_A_PART
        }
    ).decode()


def asked(kind: str, template: str) -> BeginningCommand:
    """The command of a stored template, for nobody in particular."""
    fields = {"part": 1, **_NOBODY.get(kind, {}), **orjson.loads(template)}
    if kind in {"enroll", "mark_complete", "reset_progress"} and "search" not in fields:
        fields["learners"] = ["-"]
    return _MODELS[kind].model_validate_json(orjson.dumps(fields))  # type: ignore[index]


async def unknown(connection: asyncpg.Connection, command: BeginningCommand) -> Refused | None:
    """What it names and the school has not: better told now than once for each learner."""
    courses: tuple[str, ...]
    programs: tuple[str, ...] = ()
    match command:
        case BulkMarkComplete() | BulkResetProgress():
            courses = (command.course,)
        case BulkEnroll():
            courses, programs = command.courses, command.programs
        case UndoOperation():
            return await _not_to_be_undone(connection, command)
        case _:
            return None
    school = command.school
    for course in courses:
        if not await connection.fetchval(query("is_there"), course_stream(school, course)):
            return Refused(
                "unknown_course",
                f"{school} has no course {course}; publish its structure first.",
            )
    for program in programs:
        if not await connection.fetchval(query("is_there"), program_stream(school, program)):
            return Refused(
                "unknown_program",
                f"{school} has no learning programme {program}; publish it first.",
            )
    if command.search is not None and await saved(connection, school, command.search) is None:
        return Refused(
            "unknown_search",
            f"{school} has no saved search of that name; save it with "
            "`coursemark search ... --save NAME`.",
        )
    return None


async def _not_to_be_undone(
    connection: asyncpg.Connection, command: UndoOperation
) -> Refused | None:
    row = await connection.fetchrow(query("lock"), command.school, command.undoes, "{}")
    if row is None:
        return Refused("unknown_operation", f"{command.school} has no operation {command.undoes}.")
    if row["dry_run"] or row["kind"] == "undo":
        return Refused(
            "not_undoable",
            "A preview changed nothing, and an undo is not undone: send the command again.",
        )
    if row["state"] not in FINAL and row["state"] != "paused":
        return _conflict(command, f"takes back {command.undoes}, which is under way; cancel that")
    if row["state"] == "cancelled" and row["ended_at"] is None:
        return _conflict(command, f"takes back {command.undoes}, which is ending; try again")
    return None


def _conflict(command: BeginningCommand, what: str) -> Refused:
    return Refused("operation_conflict", f"The operation {command.operation} {what}.")
