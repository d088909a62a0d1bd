"""Operations as anybody may read them: how each stands, and its rows."""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg
import orjson

from contracts.api.operations import RowOutcome
from contracts.operations import OperationReported, State
from contracts.results import Effects
from services.operations.sql import query

PAGE = 1_000
"""Rows that are read together."""
BEFORE_ALL = (-1, -1)


class Row(NamedTuple):
    """A row that has something to say; ``code`` of none: a preview that it would be done.

    ``row``: its place in the operation, or its line in the file. ``details``: of a preview.
    """

    row: int
    place: int
    learner: str
    course: str | None
    activity: str | None
    outcome: RowOutcome
    code: str | None
    message: str | None
    details: Mapping[str, Any]


class UnknownOperationError(Exception):
    """``unknown_operation``: the school has no such operation."""

    code = "unknown_operation"

    def __init__(self, school: str, operation: str) -> None:
        super().__init__(
            f"{school} has no operation {operation}; see "
            f"`coursemark operations list --school {school}`."
        )


async def of_school(
    pool: asyncpg.Pool,
    school: str,
    *,
    states: Collection[State] | None = None,
    previews: bool = True,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[OperationReported]:
    """A school's operations, the newest first, those of one moment by their ids.

    ``before``: those that come after the one that was created then and has that id.
    """
    wanted = None if states is None else list(states)
    created_at, operation = before or (None, None)
    rows = await pool.fetch(
        *(query("reports"), school, None, False, wanted, previews, created_at, operation, limit)
    )
    return list(map(_report, rows))


async def named(
    pool: asyncpg.Pool, school: str, operations: Collection[str]
) -> list[OperationReported]:
    """Those of these that the school has."""
    names = list(operations)
    rows = await pool.fetch(
        query("reports"), school, names, False, None, True, None, None, len(names)
    )
    return list(map(_report, rows))


async def one(pool: asyncpg.Pool, school: str, operation: str) -> OperationReported:
    """How it stands.

    Raises:
        UnknownOperationError: the school has none of that id.
    """
    found = await named(pool, school, [operation])
    if not found:
        raise UnknownOperationError(school, operation)
    return found[0]


async def unreported(pool: asyncpg.Pool, limit: int) -> list[OperationReported]:
    """Those of all schools that have changed since they were last reported."""
    rows = await pool.fetch(query("reports"), None, None, True, None, True, None, None, limit)
    return list(map(_report, rows))


async def revisions(
    pool: asyncpg.Pool, wanted: Collection[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """The revision of each of these, by school and operation."""
    columns = ([school for school, _ in wanted], [operation for _, operation in wanted])
    rows = await pool.fetch(query("revisions"), *columns)
    return {(school, operation): revision for school, operation, revision in rows}


async def effects(pool: asyncpg.Pool, school: str, operation: str) -> Effects:
    """What would go out, of a preview."""
    return Effects(**dict(await pool.fetchrow(query("effects"), school, operation)))


async def rows(
    pool: asyncpg.Pool,
    school: str,
    operation: str,
    outcomes: Collection[RowOutcome] | None = None,
) -> AsyncIterator[Row]:
    """All of them in order, page by page."""
    after = BEFORE_ALL
    while True:
        page = await rows_after(pool, school, operation, outcomes, after=after, limit=PAGE)
        for row in page:
            yield row
        if len(page) < PAGE:
            return
        after = page[-1].row, page[-1].place


async def rows_after(
    pool: asyncpg.Pool,
    school: str,
    operation: str,
    outcomes: Collection[RowOutcome] | None = None,
    *,
    after: tuple[int, int] = BEFORE_ALL,
    limit: int = PAGE,
) -> list[Row]:
    """A page of them, after a row and its place."""
    wanted = None if outcomes is None else list(outcomes)
    page = await pool.fetch(query("rows_page"), school, operation, wanted, *after, limit)
    return [Row(**{**row, "details": orjson.loads(row["details"])}) for row in page]


def _report(row: asyncpg.Record) -> OperationReported:
    fields = dict(row)
    for counts in ("skipped", "failed"):
        fields[counts] = orjson.loads(fields[counts])
    return OperationReported(**fields)
