"""Imports of files (B8): sent, checked, run, and what became of each."""

from dataclasses import replace
from typing import Literal
from uuid import uuid4

from ...api.imports import (
    ImportChoices,
    ImportProblem,
    ImportProblems,
    Imports,
    ImportShown,
    ImportTaken,
    RunImport,
)
from ..bodies import Body, size_of
from .call import Answer, Call, Page, as_, asks, get, keyed, nothing, pages, text

Format = Literal["csv", "xlsx"]
BYTES = "application/octet-stream"
KEEPING = 60
"""Seconds that it may take to keep a large file."""


def upload_import(
    file: Body, choices: ImportChoices | None = None, *, key: str | None = None
) -> Call[ImportTaken]:
    """Send a file to be checked; nothing is changed. ``key``: the import's id, or a new one.

    ``file``: bytes, or an open file, which is sent piece by piece and stays open.
    """
    chosen = (choices or ImportChoices()).model_dump(exclude_defaults=True)
    call = asks("POST", "/v1/imports", as_(ImportTaken), query=chosen, wait=KEEPING)
    about = {"content-type": BYTES, "content-length": str(size_of(file))}
    return replace(call, body=file, headers={**keyed(key or str(uuid4())), **about})


def imports(*, limit: int | None = None) -> Call[Page[ImportShown]]:
    """The school's imports of the last month, the newest first."""
    return pages("/v1/imports", Imports, lambda it: it.imports, query={"limit": limit})


def get_import(import_id: str) -> Call[ImportShown]:
    """How an import stands: what its file holds, and each time it was run."""
    return get("/v1/imports/{import_id}", ImportShown, import_id)


def run_import(import_id: str, run: RunImport, *, key: str | None = None) -> Call[ImportTaken]:
    """Import a file that was checked, or preview that. ``key``: the operation's id."""
    call = asks("POST", "/v1/imports/{import_id}/run", as_(ImportTaken), [import_id])
    return replace(call, body=run.to_json(), headers=keyed(key or str(uuid4())))


def remove_import(import_id: str) -> Call[None]:
    """Delete an import and its file; what it was imported as stays."""
    return asks("DELETE", "/v1/imports/{import_id}", nothing, [import_id])


def problems_of_import(import_id: str, *, limit: int | None = None) -> Call[Page[ImportProblem]]:
    """Every problem of a file, those of all of it first, then by line."""
    return pages(
        *("/v1/imports/{import_id}/problems", ImportProblems, lambda it: it.problems, import_id),
        query={"limit": limit},
    )


def errors_of_import(import_id: str) -> Call[str]:
    """Every problem of a file, as a file of CSV."""
    return asks("GET", "/v1/imports/{import_id}/errors", text, [import_id])


def import_template(*, format: Format = "csv") -> Call[bytes]:  # noqa: A002 - the API's word
    """The headings of a file to fill in."""
    return asks("GET", "/v1/import-template", _bytes, query={"format": format})


def import_example(*, format: Format = "csv") -> Call[bytes]:  # noqa: A002 - the API's word
    """A file with a line of each kind."""
    return asks("GET", "/v1/import-example", _bytes, query={"format": format})


def _bytes(answer: Answer) -> bytes:
    return answer.body
