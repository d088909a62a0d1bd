"""A file at an API, whatever comes between (B1, B5, B8): run once, and not left there."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.client import AsyncClient
from services.cli.errors import CommandError
from services.cli.imports.asking import asked
from services.cli.many.options import How
from services.cli.operations.watching import NothingMovesError
from services.cli.stack.imports import uploaded
from services.cli.stack.imports.uploaded import UploadedFile
from services.cli.stack.remote import RemoteStack
from services.cli.stack.session import Session
from tests.unit.client.conftest import answer, problem

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNTS = {"lines": 1, "rows": 1, "learners": 1, "courses": 1, "completions": 1, "enrolments": 0} | {
    "refused": 0,
    "new_people": 0,
    "tagged": 0,
    "tags_left": 0,
    "unusable": False,
}
RUN = {"operation": "o-1", "dry_run": False, "actor": "ada", "result": "/v1/results/x"} | {
    "created_at": "2026-11-28T20:00:00Z"
}


@dataclass
class Api:
    """It takes a file and its run; ``runs``: what it shows of that then; ``heard``: methods."""

    state: str = "checked"
    runs: Sequence[dict[str, Any]] = ()
    removing: httpx.Response = field(default_factory=lambda: httpx.Response(204))
    heard: list[str] = field(default_factory=list)
    looked: asyncio.Event = field(default_factory=asyncio.Event)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request.method)
        if request.method == "DELETE":
            return self.removing
        if request.method == "POST":
            return answer(202, {"id": "i-1", "status": "/v1/imports/i-1"})
        self.looked.set()
        shown = {"id": "i-1", "state": self.state, "size": 1, "choices": {}, "actor": "ada"}
        more = {"problems": {}, "file_kept": True, "created_at": "2026-11-28T20:00:00Z"}
        runs = self.runs if self.heard.count("POST") > 1 else ()
        return answer(200, shown | more | {"counts": COUNTS, "runs": runs})


async def carried_out(api: Api, *, check: bool = False) -> None:
    """Uploaded and, unless only checked, run."""
    how = How(operation="o-1", timeout=0.1)
    names = ("skip_invalid", "complete", "enroll", "create_users", "add_tags", "ignore_columns")
    none = dict.fromkeys(("problems", "start_at", "dates", "reason", "note"))
    given = {**dict.fromkeys(names, False), **none, "zone": "UTC", "reading": (None, None, None)}
    who = {"file": Path("f.csv"), "school": "riverside", "actor": "ada", "email": False}
    wanted = asked(how, **given, **who, check=check)
    transport = httpx.MockTransport(api.answer)
    async with AsyncClient("https://api.example", "cm_one", transport=transport) as client:
        file = UploadedFile(client, RemoteStack(Session(client)), wanted, "o-1")
        async with file.there(io.BytesIO(b"learner,course\n")):
            if not check:
                await file.carry_out()


@pytest.mark.parametrize("code", ["file_gone", "directory_behind"])
def test_b5_a_run_that_is_refused_is_told_and_its_file_deleted(code: str) -> None:
    run = RUN | {"state": "refused", "code": code, "message": "See `enroll`."}
    api = Api(runs=[run])
    with pytest.raises(CommandError, match="See --enroll") as refused:
        asyncio.run(carried_out(api))
    assert (refused.value.code, api.heard[-1]) == (code, "DELETE")
    assert refused.value.exit_code == (3 if code == "directory_behind" else 1)


def test_b1_a_run_that_was_taken_is_not_deleted_when_it_is_not_answered() -> None:
    api = Api(runs=[RUN | {"state": "asked"}])
    with pytest.raises(NothingMovesError, match="--operation o-1"):
        asyncio.run(carried_out(api))
    assert "DELETE" not in api.heard


def test_b8_ctrl_c_while_it_is_checked_deletes_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Also where it is being checked, which is told."""
    kinds = (httpx.Response(204), problem(404, "unknown_import"), problem(409, "still_there"))
    for removing in kinds:
        api = Api(state="checking", removing=removing)

        async def interrupted(api: Api) -> None:
            work = asyncio.create_task(carried_out(api, check=True))
            await api.looked.wait()
            work.cancel()
            await work

        with pytest.raises(asyncio.CancelledError):
            asyncio.run(interrupted(api))
        assert api.heard[-1] == "DELETE"
        said = capsys.readouterr().err
        assert ("deletes it after a day" in said) is (removing.status_code == 409)


def test_b8_a_second_ctrl_c_still_lets_it_be_deleted() -> None:
    """Asked for before the deletion begins, as by who interrupts a question."""
    done: list[bool] = []

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.append(True)

    async def interrupted() -> None:
        current = asyncio.current_task()
        assert current is not None
        current.cancel()
        await uploaded._to_its_end(work())

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(interrupted())
    assert done == [True]
