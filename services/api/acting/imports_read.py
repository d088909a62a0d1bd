"""Imports as they stand: what each file holds, and every problem of its lines."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.imports import (
    ImportProblem,
    ImportProblems,
    ImportRun,
    Imports,
    ImportShown,
)
from services.api.acting.imports import Import, check_imports, one, still_checking
from services.api.commands.results import address
from services.api.documenting import UNCHANGED, problems
from services.api.standing import Standing, Stands
from services.api.web.answers import answered
from services.api.web.files import CSV, CSV_CONTENT, CsvFile, attachment
from services.api.web.moments import cursor_at, moment_of
from services.api.web.pages import Cursor, Limit, paged, place_of
from services.api.web.routes import Bounded
from services.api.who.caller import Manager, may
from services.domain.bulk import part_id
from services.imports import samples
from services.imports.kept import keeping
from services.imports.kept.keeping import Kept, Run
from services.imports.problems import COLUMNS, cells, shaped
from services.runtime.spreadsheets import csv_of
from services.store.records import StoredReceipt

TOGETHER = 500
"""Problems of a piece of a file."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SAMPLE = {
    "description": "The file.",
    "content": {CSV: {"schema": {"type": "string"}}, XLSX: {"schema": {"type": "string"}}},
}
_LONGEST = 9
"""Digits of a place: an int4."""

router = APIRouter(route_class=Bounded, tags=["imports"])

Format = Annotated[Literal["csv", "xlsx"], Query(description="Which kind of file.")]


@router.get(
    "/v1/imports",
    operation_id="imports",
    response_model=Imports,
    responses=UNCHANGED | problems(400),
)
async def imports(
    request: Request, standing: Stands, caller: Manager, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """The school's imports of the last month, the newest first; the header Link leads on."""
    await check_imports(standing, caller)
    pool = standing.log.pool
    found = await keeping.of_school(pool, caller.school, moment_of(cursor), limit + 1)
    page, link = paged(request, found, limit, lambda it: cursor_at(it.created_at, it.id))
    return answered(Imports(imports=tuple(_shown(it) for it in page)), request, link)


@router.get(
    "/v1/imports/{import_id}",
    operation_id="get_import",
    response_model=ImportShown,
    responses=UNCHANGED | problems(400, 404),
)
async def get_import(
    request: Request, import_id: Import, standing: Stands, caller: Manager
) -> Response:
    """How an import stands: what its file holds, how many problems, and each time it was run."""
    await check_imports(standing, caller)
    kept = await one(standing, caller, import_id)
    shown = _shown(kept).model_copy(
        update={
            "problems": await keeping.codes(standing.log.pool, kept.school, kept.id)
            if kept.state == "checked"
            else {},
            "runs": await _runs(standing, kept),
        }
    )
    return answered(shown, request)


@router.get(
    "/v1/imports/{import_id}/problems",
    operation_id="problems_of_import",
    response_model=ImportProblems,
    responses=UNCHANGED | problems(400, 404, 409),
)
async def problems_of(
    request: Request,
    import_id: Import,
    standing: Stands,
    caller: Manager,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Every problem of a file, those of all of it first, then by line; Link leads on."""
    await check_imports(standing, caller)
    kept = _checked(await one(standing, caller, import_id))
    after = 0 if cursor is None else place_of(cursor, _LONGEST)
    found = await keeping.problems(standing.log.pool, kept.school, kept.id, after, limit + 1)
    page, link = paged(request, found, limit, lambda it: str(it[0]))
    told = tuple(ImportProblem.model_validate(shaped(problem)) for _, problem in page)
    return answered(ImportProblems(problems=told), request, link)


@router.get(
    "/v1/imports/{import_id}/errors",
    operation_id="errors_of_import",
    response_class=Response,
    responses={200: CSV_CONTENT, **problems(400, 404, 409)},
)
async def errors(import_id: Import, standing: Stands, caller: Manager) -> Response:
    """Every problem of a file as CSV that is safe to open in a spreadsheet."""
    await check_imports(standing, caller)
    kept = _checked(await one(standing, caller, import_id))
    return CsvFile(_written(standing, kept), "problems.csv")


@router.get(
    "/v1/import-template",
    operation_id="import_template",
    response_class=Response,
    dependencies=[Depends(may("manage"))],
    responses={200: _SAMPLE, **problems(400)},
)
async def template(format: Format = "csv") -> Response:  # noqa: A002 - its name
    """The headings of a file to fill in."""
    return _sample("template", format, samples.template(workbook=format == "xlsx"))


@router.get(
    "/v1/import-example",
    operation_id="import_example",
    response_class=Response,
    dependencies=[Depends(may("manage"))],
    responses={200: _SAMPLE, **problems(400)},
)
async def example(format: Format = "csv") -> Response:  # noqa: A002 - its name
    """A file with a line of each kind."""
    return _sample("example", format, samples.example(workbook=format == "xlsx"))


def _sample(name: str, kind: str, content: bytes) -> Response:
    media = XLSX if kind == "xlsx" else CSV
    return Response(content, media_type=media, headers=attachment(f"import-{name}.{kind}"))


def _shown(kept: Kept) -> ImportShown:
    return ImportShown(
        id=kept.id,
        state=kept.state,
        size=kept.size,
        choices=kept.choices,
        actor=kept.actor,
        counts=kept.counts,
        problems={},
        file_kept=kept.upload is not None,
        created_at=kept.created_at,
        checked_at=kept.checked_at,
    )


async def _runs(standing: Standing, kept: Kept) -> tuple[ImportRun, ...]:
    """Each run; of one whose first part was rejected, why."""
    found = await keeping.runs(standing.log.pool, kept.school, kept.id)
    keys = {it.operation: (kept.school, part_id(kept.school, it.operation, 1)) for it in found}
    receipts = await standing.log.receipts(list(keys.values()))
    return tuple(_run(it, keys[it.operation][1], receipts.get(keys[it.operation])) for it in found)


def _run(run: Run, command_id: str, receipt: StoredReceipt | None) -> ImportRun:
    refused = {} if receipt is None else orjson.loads(receipt.result)
    shown = ImportRun(
        operation=run.operation,
        state=run.state,
        dry_run=run.asked.dry_run,
        actor=run.actor,
        code=run.code,
        message=run.message,
        parts=run.parts,
        users=run.users,
        result=address(command_id),
        created_at=run.created_at,
        ended_at=run.ended_at,
    )
    if refused.get("outcome") != "rejected":
        return shown
    return shown.model_copy(
        update={"state": "refused", "code": refused["code"], "message": refused["message"]}
    )


def _checked(kept: Kept) -> Kept:
    if kept.state != "checked":
        raise still_checking()
    return kept


async def _written(standing: Standing, kept: Kept) -> AsyncIterator[bytes]:
    yield csv_of([COLUMNS])
    place = 0
    while found := await keeping.problems(standing.log.pool, kept.school, kept.id, place, TOGETHER):
        yield csv_of(cells(problem) for _, problem in found)
        place = found[-1][0]
