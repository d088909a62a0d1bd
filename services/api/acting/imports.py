"""Imports of files: sent, checked, looked at, and carried out as operations (B8)."""

import asyncio
import tempfile
from typing import Annotated, Literal, get_args
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from contracts.api.imports import DateOrder, ImportChoices, ImportTaken, RunImport
from contracts.fields import ID_PATTERN, NO_NUL_PATTERN, Reason
from contracts.problems import sentence
from services.api.acting.keys import id_of
from services.api.acting.uploading import receive
from services.api.commands.idempotency import KEY, reused
from services.api.documenting import problems
from services.api.standing import Standing, Stands
from services.api.web.answers import answered
from services.api.web.bodies import body_as, body_of
from services.api.web.routes import Patient
from services.api.who.caller import Caller, Manager
from services.http.problems import Problem
from services.imports.first_look import look
from services.imports.kept import keeping
from services.imports.kept.keeping import Arrived, Kept, UnknownImportError
from services.imports.kept.wording import WHY_NOT, for_http
from services.imports.problems import ImportFileError
from services.imports.table import Reading
from services.operations.permission import refusal

router = APIRouter(route_class=Patient, tags=["imports"])

Import = Annotated[str, Path(pattern=ID_PATTERN, description="The import's id.")]
_Flag = Literal["true", "false"]
_FILE = {
    "requestBody": {
        "required": True,
        "description": "The file itself, CSV or XLSX: what it is is found out from its bytes.",
        "content": {"application/octet-stream": {"schema": {"type": "string"}}},
    },
    "parameters": [KEY],
}


class Asked(BaseModel):
    """How a file is read, in the parameters of its upload."""

    encoding: str | None = Field(
        None, pattern=r"^[A-Za-z0-9._-]{1,40}$", description="None: UTF-8, or by the file's mark."
    )
    delimiter: str | None = Field(
        None, pattern=r"^[^\x00\x22\r\n]{1,9}$", description="One character, or tab."
    )
    sheet: str | None = Field(
        None, max_length=100, pattern=NO_NUL_PATTERN, description="Of a workbook with several."
    )
    dates: DateOrder | None = Field(None, description="How 01/02/2025 is read.")
    timezone: str = Field(
        "UTC",
        pattern=r"^[A-Za-z][A-Za-z0-9_+/-]{0,63}$",
        description="Of dates without one, such as Europe/Berlin.",
    )
    complete: _Flag = Field("false", description="Lines that do not say so complete courses.")
    enroll: _Flag = Field("false", description="Enrol who is not enrolled yet.")
    create_users: _Flag = Field("false", description="Add whom the school lacks, by e-mail.")
    add_tags: _Flag = Field("false", description="Add the file's tags to those of users.")
    ignore_columns: _Flag = Field("false", description="Leave out columns that are not known.")
    reason: Reason = Field("migration", description="Of lines without one.")
    note: str | None = Field(None, max_length=2_000, description="Of lines without one.")


_FLAGS = {
    name for name, it in Asked.model_fields.items() if get_args(it.annotation) == get_args(_Flag)
}


@router.post(
    "/v1/imports",
    operation_id="upload_import",
    status_code=202,
    response_model=ImportTaken,
    response_description="The file was taken, and is being checked.",
    responses=problems(400, 408, 409, 413, 415, 422),
    openapi_extra=_FILE,
)
async def upload(
    request: Request, standing: Stands, caller: Manager, asked: Annotated[Asked, Query()]
) -> Response:
    """Send a file to be checked: nothing is changed by that.

    Its Idempotency-Key becomes the import's id. The file is deleted after it was imported, or
    after a day. One that is no table, or has passwords, is refused and not kept.
    """
    await check_imports(standing, caller)
    id_, choices = id_of(request), _choices(asked)
    place = caller.school, id_
    with standing.uploads.arriving(caller.token, place), tempfile.TemporaryFile() as file:
        received = await receive(request, file)
        digest = keeping.digest(received.digest, choices.to_json())
        kept = await keeping.read(standing.log.pool, *place)
        if kept is None:
            await _look(file, choices)
            actor = caller.actor or ""
            arrived = Arrived(*place, actor, choices, digest, received.size)
            await keeping.keep(standing.log.pool, arrived, file, standing.clock())
            kept = await keeping.read(standing.log.pool, *place)
    if kept is not None and kept.digest != digest:
        raise reused(id_)
    status = _address(id_)
    return answered(ImportTaken(id=id_, status=status), headers={"Location": status}, status=202)


@router.post(
    "/v1/imports/{import_id}/run",
    operation_id="run_import",
    status_code=202,
    response_model=ImportTaken,
    response_description="It is checked once more, and sent as an operation.",
    responses=problems(400, 404, 408, 409, 413, 415, 422),
    openapi_extra={**body_of(RunImport), "parameters": [KEY]},
)
async def run(request: Request, import_id: Import, standing: Stands, caller: Manager) -> Response:
    """Import a file that was checked, or preview that (dry_run).

    The Idempotency-Key becomes the operation's id. How it goes on says the operation; why there
    is none says the import, in its runs.
    """
    await check_imports(standing, caller)
    operation, asked = id_of(request), await body_as(request, RunImport)
    kept = await one(standing, caller, import_id)
    pool, actor = standing.log.pool, caller.actor or ""
    there = await keeping.run_of(pool, caller.school, operation)
    if there is None:
        _check_runnable(kept, asked)
        try:
            there = await keeping.ask(pool, kept, operation, asked, actor, standing.clock())
        except UnknownImportError:
            raise _unknown() from None
    if there != (kept.id, keeping.run_digest(kept, asked, actor)):
        raise reused(operation)
    status = _address(kept.id)
    taken = ImportTaken(
        id=kept.id, status=status, operation=f"/v1/operations/{quote(operation, safe='')}"
    )
    return answered(taken, headers={"Location": status}, status=202)


@router.delete(
    "/v1/imports/{import_id}",
    operation_id="remove_import",
    status_code=204,
    response_class=Response,
    response_description="It is deleted, with its file and what was found in it.",
    responses=problems(400, 404, 409),
)
async def remove(import_id: Import, standing: Stands, caller: Manager) -> Response:
    """Delete an import and its file; what it was imported as stays."""
    await check_imports(standing, caller)
    await one(standing, caller, import_id)
    if not await keeping.remove(standing.log.pool, caller.school, import_id):
        raise Problem(
            409,
            "in_progress",
            "The import is being checked or run; delete it after that.",
            headers={"Retry-After": "5"},
        )
    return Response(status_code=204)


async def check_imports(standing: Standing, caller: Caller) -> None:
    """Whether the caller's user may import (A1), and their school's plan has it (A2).

    Raises:
        Problem: 403.
    """
    refused = await refusal(standing.log.pool, caller.school, caller.actor or "")
    if refused is not None:
        raise Problem(403, refused.code, refused.message)


async def one(standing: Standing, caller: Caller, id_: str) -> Kept:
    """The import of that id.

    Raises:
        Problem: 404.
    """
    kept = await keeping.read(standing.log.pool, caller.school, id_)
    if kept is None:
        raise _unknown()
    return kept


def _unknown() -> Problem:
    return Problem(404, "unknown_import", "The school has no such import; see /v1/imports.")


def still_checking() -> Problem:
    """409: what is asked for is known once the file is checked."""
    return Problem(
        409,
        "still_checking",
        "The file is still being checked; ask again when it is.",
        headers={"Retry-After": "1"},
    )


def _check_runnable(kept: Kept, asked: RunImport) -> None:
    counts = kept.counts
    if counts is None:
        raise still_checking()
    if counts.unusable:
        raise Problem(409, "file_unusable", WHY_NOT["file_unusable"])
    if counts.refused and not asked.skip_invalid:
        raise Problem(409, "has_problems", WHY_NOT["has_problems"])


async def _look(file: object, choices: ImportChoices) -> None:
    reading = Reading(choices.encoding, choices.delimiter, choices.sheet)
    try:
        await asyncio.to_thread(look, file, reading)  # type: ignore[arg-type]
    except ImportFileError as error:
        raise Problem(400, error.code, for_http(str(error))) from None


def _choices(asked: Asked) -> ImportChoices:
    fields = {
        name: value == "true" if name in _FLAGS else value
        for name, value in asked.model_dump().items()
    }
    try:
        ZoneInfo(asked.timezone)
        return ImportChoices(**fields)
    except ValidationError as error:
        raise Problem(400, "invalid_request", sentence(error)) from None
    except (ValueError, OSError, KeyError):
        raise Problem(
            400, "invalid_request", "timezone: there is none such; name one like Europe/Berlin."
        ) from None


def _address(id_: str) -> str:
    return f"/v1/imports/{quote(id_, safe='')}"
