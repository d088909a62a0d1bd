"""Reads about operations: how each stands, and what became of its rows (B6)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.operations import (
    OperationRow,
    OperationRows,
    Operations,
    OperationShown,
    RowOutcome,
)
from contracts.fields import ID_PATTERN
from contracts.operations import OperationReported, State
from services.api.documenting import UNCHANGED, problems
from services.api.standing import Standing, Stands
from services.api.web.answers import answered
from services.api.web.moments import cursor_at, moment_of
from services.api.web.pages import Cursor, Limit, paged, place_of
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.http.problems import Problem
from services.operations import reading
from services.operations.reading import BEFORE_ALL, UnknownOperationError

_LONGEST = 9
"""Digits of a row, and of a place: int4."""

router = APIRouter(route_class=Bounded, tags=["operations"])

Operation = Annotated[str, Path(pattern=ID_PATTERN, description="The operation's id.")]


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
        before=moment_of(cursor),
        limit=limit + 1,
    )
    page, link = paged(request, found, limit, lambda it: cursor_at(it.created_at, it.operation))
    return answered(Operations(operations=tuple(page)), request, link)


@router.get(
    "/v1/operations/{operation}",
    operation_id="get_operation",
    response_model=OperationShown,
    responses=UNCHANGED | problems(400, 404),
)
async def operation(
    request: Request, operation: Operation, standing: Stands, caller: Reader
) -> Response:
    """How an operation stands; of a preview also how much would be sent."""
    await check_reads(standing, caller)
    report = await one(standing, caller.school, operation)
    shown = OperationShown(**dict(report))
    if report.dry_run:
        effects = await reading.effects(standing.log.pool, caller.school, operation)
        shown = shown.model_copy(update={"effects": effects})
    return answered(shown, request)


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
    found = await reading.rows_after(
        standing.log.pool, caller.school, operation, outcome, after=_place(cursor), limit=limit + 1
    )
    if not found:
        await one(standing, caller.school, operation)
    page, link = paged(request, found, limit, lambda it: f"{it.row}:{it.place}")
    told = OperationRows(rows=tuple(OperationRow(**it._asdict()) for it in page))
    return answered(told, request, link)


async def one(standing: Standing, school: str, operation: str) -> OperationReported:
    """How an operation stands.

    Raises:
        Problem: 404.
    """
    try:
        return await reading.one(standing.log.pool, school, operation)
    except UnknownOperationError as error:
        raise Problem(
            404, error.code, "The school has no such operation; see /v1/operations."
        ) from None


def _place(cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return BEFORE_ALL
    row, _, place = cursor.partition(":")
    return place_of(row, _LONGEST), place_of(place, _LONGEST)
