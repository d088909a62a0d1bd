"""What became of an operation, to take away: its rows as a file, and what was sent."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.operations import Sent, SentMessages
from contracts.fields import COMMAND_ID_PATTERN
from services.api.documenting import UNCHANGED, problems
from services.api.reads.operations import Operation, one
from services.api.standing import Stands
from services.api.web.answers import answered
from services.api.web.files import CSV_CONTENT, CsvFile
from services.api.web.routes import Bounded
from services.api.who.caller import Reader, check_reads
from services.operations import reading, sent
from services.operations.telling import COLUMNS, cells
from services.runtime.spreadsheets import csv_of

TOGETHER = 500
"""Rows of a piece."""

router = APIRouter(route_class=Bounded, tags=["operations"])


@router.get(
    "/v1/operations/{operation}/errors",
    operation_id="errors_of_operation",
    response_class=Response,
    responses={200: CSV_CONTENT, **problems(400, 404)},
)
async def errors(operation: Operation, standing: Stands, caller: Reader) -> Response:
    """The rows that were refused or skipped, as CSV; of a preview every row.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    await check_reads(standing, caller)
    await one(standing, caller.school, operation)
    rows = reading.rows(standing.log.pool, caller.school, operation)
    return CsvFile(_written(rows), "rows.csv")


@router.get(
    "/v1/operations/{operation}/sent",
    operation_id="sent_of_operation",
    response_model=Sent,
    responses=UNCHANGED | problems(400, 404),
)
async def sent_of_operation(
    request: Request, operation: Operation, standing: Stands, caller: Reader
) -> Response:
    """What was sent because of an operation, and stays sent when it is taken back."""
    await check_reads(standing, caller)
    await one(standing, caller.school, operation)
    found = await sent.of_operation(standing.log.pool, caller.school, operation)
    return answered(_sent(found), request)


@router.get(
    "/v1/sent",
    operation_id="sent_of_command",
    response_model=Sent,
    responses=UNCHANGED | problems(400),
)
async def sent_of_command(
    request: Request,
    standing: Stands,
    caller: Reader,
    command: Annotated[
        str, Query(pattern=COMMAND_ID_PATTERN, description="Of the command: its Idempotency-Key.")
    ],
) -> Response:
    """What was sent because of a command; nothing of one that the school does not have."""
    await check_reads(standing, caller)
    found = await sent.of_command(standing.log.pool, caller.school, command)
    return answered(_sent(found), request)


def _sent(found: list[sent.Sent]) -> Sent:
    return Sent(sent=tuple(SentMessages(**it._asdict()) for it in found))


async def _written(rows: AsyncIterator[reading.Row]) -> AsyncIterator[bytes]:
    yield csv_of([COLUMNS])
    some: list[list[object]] = []
    async for row in rows:
        some.append(cells(row))
        if len(some) == TOGETHER:
            yield csv_of(some)
            some = []
    yield csv_of(some)
