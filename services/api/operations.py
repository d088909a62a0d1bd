"""Reads about operations: how each stands, and what became of its rows (B6)."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field, JsonValue
from starlette.requests import Request
from starlette.responses import Response

from contracts.envelope import timestamp
from contracts.fields import ID_PATTERN
from contracts.model import Contract
from contracts.operations import OperationReported, State
from services.api.answers import answered
from services.api.caller import Reader, check_reads
from services.api.documenting import UNCHANGED, problems
from services.api.pages import Cursor, Limit, following
from services.api.routes import Bounded
from services.api.standing import Standing, Stands
from services.http.problems import Problem
from services.operations import reading
from services.operations.reading import BEFORE_ALL, RowOutcome, UnknownOperationError

router = APIRouter(route_class=Bounded, tags=["operations"])

Operation = Annotated[str, Path(pattern=ID_PATTERN, description="The operation's id.")]


class Operations(Contract):
    """Operations of the school, the newest first."""

    operations: tuple[OperationReported, ...]


class OperationRow(Contract):
    """A row that has something to say; ``code`` of none: a preview that it would be done."""

    row: int = Field(description="Its place in the operation, or its line in the file.")
    learner: str
    course: str | None = None
    activity: str | None = None
    outcome: RowOutcome
    code: str | None = None
    message: str | None = None
    details: dict[str, JsonValue] = Field(description="Of a preview.")


class OperationRows(Contract):
    """A page of rows, in order."""

    rows: tuple[OperationRow, ...]


@router.get(
    "/v1/operations",
    operation_id="operations",
    response_model=Operations,
    responses=UNCHANGED | problems(400),
)
async def operations(
    request: Request,
    standing: Stands,
    caller: Reader,
    state: Annotated[list[State] | None, Query(description="In any of these.")] = None,
    previews: Annotated[Literal["true", "false"], Query(description="Dry runs too.")] = "true",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """The school's operations, the newest first; the header Link leads on."""
    await check_reads(standing, caller)
    found = await reading.of_school(
        standing.log.pool,
        caller.school,
        states=state,
        previews=previews == "true",
        before=_instant(cursor),
        limit=limit + 1,
    )
    page = tuple(found[:limit])
    more = timestamp(page[-1].created_at) if len(found) > limit else None
    return answered(Operations(operations=page), request, following(request, more))


@router.get(
    "/v1/operations/{operation}",
    operation_id="get_operation",
    response_model=OperationReported,
    responses=UNCHANGED | problems(400, 404),
)
async def operation(
    request: Request, operation: Operation, standing: Stands, caller: Reader
) -> Response:
    """How an operation stands."""
    await check_reads(standing, caller)
    return answered(await _one(standing, caller.school, operation), request)


@router.get(
    "/v1/operations/{operation}/rows",
    operation_id="rows_of_operation",
    response_model=OperationRows,
    responses=UNCHANGED | problems(400, 404),
)
async def rows(
    request: Request,
    operation: Operation,
    standing: Stands,
    caller: Reader,
    outcome: Annotated[list[RowOutcome] | None, Query(description="Any of these.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """The rows that were skipped, refused or previewed, in order; the header Link leads on."""
    await check_reads(standing, caller)
    await _one(standing, caller.school, operation)
    found = await reading.rows_after(
        standing.log.pool, caller.school, operation, outcome, after=_place(cursor), limit=limit + 1
    )
    page = found[:limit]
    more = f"{page[-1].row}:{page[-1].place}" if len(found) > limit else None
    told = OperationRows(rows=tuple(OperationRow(**it._asdict()) for it in page))
    return answered(told, request, following(request, more))


async def _one(standing: Standing, school: str, operation: str) -> OperationReported:
    try:
        return await reading.one(standing.log.pool, school, operation)
    except UnknownOperationError as error:
        raise Problem(
            404, error.code, "The school has no such operation; see /v1/operations."
        ) from None


def _instant(cursor: str | None) -> datetime | None:
    if cursor is None:
        return None
    try:
        instant = datetime.fromisoformat(cursor)
    except ValueError:
        raise _wrong() from None
    if instant.tzinfo is None:
        raise _wrong()
    return instant


def _place(cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return BEFORE_ALL
    row, _, place = cursor.partition(":")
    if not (row.isdecimal() and place.isdecimal() and max(len(row), len(place)) <= 9):  # noqa: PLR2004 - a row's place is an int4
        raise _wrong()
    return int(row), int(place)


def _wrong() -> Problem:
    return Problem(400, "invalid_request", "cursor: send one as you got it.")
