"""What PostgreSQL holds of operations, as plain values, and the ids of their rows' commands."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import asyncpg

Fields = dict[str, Any]
"""A row of a table, instants in ISO 8601."""
Key = tuple[str, str]
"""School and operation."""
FINAL = {"completed", "completed_with_errors", "cancelled"}
_OPERATIONS = "select to_jsonb(o)::text from operations o"
_PARTS = """
    select (to_jsonb(p) || jsonb_build_object('body', convert_from(body, 'UTF8')::jsonb))::text
    from operation_parts p order by part
"""
_CHUNKS = "select to_jsonb(c)::text from operation_chunks c order by chunk"
_ROWS = "select to_jsonb(r)::text from operation_rows r order by row, place"


class Operations(NamedTuple):
    """The four tables; those of an operation's parts, chunks and rows by operation, in order."""

    operations: Mapping[Key, Fields]
    parts: Mapping[Key, Sequence[Fields]]
    chunks: Mapping[Key, Sequence[Fields]]
    rows: Mapping[Key, Sequence[Fields]]

    def command_ids(self) -> Iterator[tuple[Key, Fields, str]]:
        """Each command of each row, with its operation and its chunk."""
        for key, operation in self.operations.items():
            for chunk in self.chunks[key]:
                for row in chunk["rows"]:
                    for id_ in command_ids(operation, chunk, row):
                        yield key, chunk, id_


async def read(pool: asyncpg.Pool | asyncpg.Connection) -> Operations:
    """All of them."""
    operations = [it for of_one in (await _rows(pool, _OPERATIONS)).values() for it in of_one]
    return Operations(
        {key_of(it): it for it in operations},
        await _rows(pool, _PARTS),
        await _rows(pool, _CHUNKS),
        await _rows(pool, _ROWS),
    )


def key_of(fields: Fields) -> Key:
    """Whose row it is."""
    return fields["school"], fields["operation"]


def command_ids(operation: Fields, chunk: Fields, row: Fields) -> Iterator[str]:
    """Of a row, in order, worked out here anew: an id that changed would do a row twice."""
    whose = f"{operation['school']}/{operation['operation']}"
    completed = row.get("completed", True)
    about = f"{row['learner']}/{row['course']}/{row.get('activity') or ''}/{completed}"
    for step in _steps(operation, begins=row.get("begins", True), completed=completed):
        place = f"{whose}/{chunk['try']}/{step}"
        yield str(uuid5(NAMESPACE_URL, f"coursemark:operation:{place}:{about}"))


def _steps(operation: Fields, *, begins: bool, completed: bool) -> list[str]:
    """``begins``: of a learner's rows in a course the first, with which an import enrols them."""
    template = operation["template"]
    match operation["kind"]:
        case "enroll":
            return ["enroll", "mark"] if template.get("mark_complete") else ["enroll"]
        case "import":
            return ["enroll"] * (template["enroll"] and begins) + ["import"] * completed
        case kind:
            return [{"mark_complete": "mark", "reset_progress": "reset"}.get(kind, kind)]


async def _rows(pool: asyncpg.Pool | asyncpg.Connection, query: str) -> Mapping[Key, list[Fields]]:
    found: dict[Key, list[Fields]] = defaultdict(list)
    for row in await pool.fetch(query):
        fields: Fields = json.loads(row[0])
        found[key_of(fields)].append(fields)
    return found
