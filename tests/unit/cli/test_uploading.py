"""A file at an API, whatever comes between (B1, B5, B8): run once, and not left there."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.client import AsyncClient, ClientError, Retries
from services.cli.errors import CommandError
from services.cli.imports.asking import asked
from services.cli.many.options import How
from services.cli.operations.watching import NothingMovesError
from services.cli.stack.imports import arriving
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


LEFT = "The file may still be at the API, which deletes it after a day"
KINDS = {"imports": "upload", "run": "run"}


@dataclass
class Api:
    """It takes a file and its run; ``runs``: what it shows of that then.

    ``old``: an import of that id that it has before, as it shows it until that is deleted.
    ``instead``: what it answers to some requests, in order; ``heard``: those it had.
    """

    state: str = "checked"
    runs: Sequence[dict[str, Any]] = ()
    old: dict[str, Any] | None = None
    instead: dict[str, list[httpx.Response]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    looked: asyncio.Event = field(default_factory=asyncio.Event)

    def answer(self, request: httpx.Request) -> httpx.Response:
        kind = {"DELETE": "delete", "GET": "look"}.get(request.method)
        kind = kind or KINDS[request.url.path.rsplit("/", 1)[-1]]
        self.heard.append(kind)
        if self.instead.get(kind):
            return self.instead[kind].pop(0)
        if kind == "delete":
            self.old = None
            return httpx.Response(204)
        if kind != "look":
            return answer(202, {"id": "i-1", "status": "/v1/imports/i-1"})
        self.looked.set()
        shown = {"id": "i-1", "state": self.state, "size": 1, "choices": {}, "actor": "ada"}
        more = {"problems": {}, "file_kept": True, "created_at": "2026-11-28T20:00:00Z"}
        runs = self.runs if "run" in self.heard else ()
        new = shown | more | {"counts": COUNTS, "runs": runs}
        return answer(200, new | (self.old or {}))


@pytest.fixture(autouse=True)
def looked_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RemoteStack, "look_seconds", 0.01)
    monkeypatch.setattr(arriving, "ARRIVING_SECONDS", 0.05)


async def no_pause(_: float) -> None:
    """Ask again at once."""


async def carried_out(api: Api, *, check: bool = False) -> None:
    """Uploaded and, unless only checked, run."""
    how = How(operation="o-1", timeout=0.1)
    names = ("skip_invalid", "complete", "enroll", "create_users", "add_tags", "ignore_columns")
    none = dict.fromkeys(("problems", "start_at", "dates", "reason", "note"))
    given = {**dict.fromkeys(names, False), **none, "zone": "UTC", "reading": (None, None, None)}
    who = {"file": Path("f.csv"), "school": "riverside", "actor": "ada", "email": False}
    wanted = asked(how, **given, **who, check=check)
    transport = httpx.MockTransport(api.answer)
    few = Retries(attempts=2)
    api_at = {"transport": transport, "retries": few, "sleep": no_pause}
    async with AsyncClient("https://api.example", "cm_one", **api_at) as client:
        file = UploadedFile(client, RemoteStack(Session(client)), wanted, "o-1")
        async with file.there(io.BytesIO(b"learner,course\n")):
            if not check:
                await file.carry_out()


@pytest.mark.parametrize("code", ["not_permitted", "directory_behind"])
def test_b5_a_run_that_is_refused_is_told_and_its_file_deleted(code: str) -> None:
    run = RUN | {"state": "refused", "code": code, "message": "See `enroll`."}
    api = Api(runs=[run])
    with pytest.raises(CommandError, match="See --enroll") as refused:
        asyncio.run(carried_out(api))
    assert (refused.value.code, api.heard[-1]) == (code, "delete")
    assert refused.value.exit_code == (3 if code == "directory_behind" else 1)


def test_b1_a_run_that_was_taken_is_not_deleted_when_it_is_not_answered() -> None:
    api = Api(runs=[RUN | {"state": "asked"}])
    with pytest.raises(NothingMovesError, match="--operation o-1"):
        asyncio.run(carried_out(api))
    assert "delete" not in api.heard


def test_b8_ctrl_c_while_it_is_checked_deletes_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Also where it is being checked, which is told."""
    kinds = (httpx.Response(204), problem(404, "unknown_import"), problem(409, "still_there"))
    for removing in kinds:
        api = Api(state="checking", instead={"delete": [removing]})

        async def interrupted(api: Api) -> None:
            work = asyncio.create_task(carried_out(api, check=True))
            await api.looked.wait()
            work.cancel()
            await work

        with pytest.raises(asyncio.CancelledError):
            asyncio.run(interrupted(api))
        assert api.heard[-1] == "delete"
        said = capsys.readouterr().err
        assert (LEFT in said) is (removing.status_code == 409)


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
        await arriving._to_its_end(work())

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(interrupted())
    assert done == [True]


def away(status: int) -> httpx.Response:
    """Of what stands before an API."""
    return httpx.Response(status, text="<h1>Bad gateway</h1>")


@pytest.mark.parametrize(
    ("answers", "gone"),
    [
        ([httpx.Response(500, text="")] * 2, True),
        ([problem(409, "in_progress")] * 2, True),
        ([problem(429, "too_many_requests")] * 2, True),
        ([away(504)] * 2, False),
        ([problem(413, "too_large")], None),
    ],
)
def test_b8_of_an_upload_without_an_answer_the_file_is_looked_for(
    answers: list[httpx.Response],
    gone: bool | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing there yet is no proof: it may be written down still. What is refused is not kept."""
    not_yet = [problem(404, "unknown_import") for _ in range(2 if gone else 100)]
    api = Api(instead={"upload": list(answers), "delete": not_yet})
    with pytest.raises(ClientError):
        asyncio.run(carried_out(api, check=True))
    deleted = api.heard.count("delete")
    assert deleted == (3 if gone else 0) if gone is not False else deleted > 1
    assert (LEFT in capsys.readouterr().err) is (gone is False)


@pytest.mark.parametrize("runs", [(), (RUN | {"state": "refused", "code": "file_gone"},)])
def test_b8_a_file_that_was_deleted_before_it_was_imported_is_sent_anew(
    runs: Sequence[dict[str, Any]],
) -> None:
    """Or the id of its operation could not be used until the API forgets it."""
    api = Api(runs=[RUN | {"state": "asked"}], old={"file_kept": False, "runs": runs})
    with pytest.raises(NothingMovesError):
        asyncio.run(carried_out(api))
    done = [it for it in api.heard if it != "look"]
    assert done == ["upload", "delete", "upload", "run"]


def test_b1_a_file_that_was_imported_is_not_sent_anew() -> None:
    old = {"file_kept": False, "runs": [RUN | {"state": "sent", "parts": 1}]}
    api = Api(old=old, instead={"run": [problem(403, "not_permitted")]})
    with pytest.raises(ClientError):
        asyncio.run(carried_out(api))
    assert [it for it in api.heard if it != "look"] == ["upload", "run"]


@pytest.mark.parametrize(
    ("kind", "answers", "may"),
    [
        ("run", [away(502)] * 2, True),
        ("run", [problem(500, "internal_error")], True),
        ("run", [problem(409, "file_unusable")], False),
        ("after", [away(504)] * 2, True),
        ("after", [problem(401, "invalid_token")], True),
    ],
)
def test_b1_an_import_that_may_have_begun_is_named(
    kind: str,
    answers: list[httpx.Response],
    may: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By the id under which it does nothing twice; and its file stays for it."""
    api = Api()
    api.instead = {"run": list(answers)} if kind == "run" else {"look": Looks(api, answers)}
    with pytest.raises(ClientError):
        asyncio.run(carried_out(api))
    named = "o-1 may have begun. Sent again with --operation o-1" in capsys.readouterr().err
    assert (named, "delete" not in api.heard) == (may, may)


class Looks(list[httpx.Response]):
    """Answered in place of looks, once the run was taken."""

    def __init__(self, api: Api, answers: Sequence[httpx.Response]) -> None:
        super().__init__(answers)
        self._api = api

    def __bool__(self) -> bool:
        return "run" in self._api.heard and len(self) > 0


@pytest.mark.parametrize("taken", [False, True])
def test_b1_ctrl_c_says_of_a_run_without_an_answer_that_it_may_have_begun(
    taken: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    api, answers = Api(), Api.answer

    def interrupted(request: httpx.Request) -> httpx.Response:
        if ("run" in api.heard) if taken else request.url.path.endswith("/run"):
            raise asyncio.CancelledError
        return answers(api, request)

    api.answer = interrupted  # type: ignore[method-assign]
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(carried_out(api))
    said = capsys.readouterr().err
    assert ("The operation goes on." in said) is taken
    assert ("The operation may have begun" in said) is not taken
    assert "operations watch o-1" in said
