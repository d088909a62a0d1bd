"""Files imported by an API as by the servers (M3, B5, B8): told alike, and left nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from contracts.client import Client
from tests.integration.cli.both_ways import NOWHERE, of_school
from tests.support.command_line import answered, json_lines
from tests.support.importing import as_csv, as_xlsx
from tests.support.losing import losing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import httpx

    from tests.integration.cli.both_ways import Two
    from tests.support.command_line import Done

HEADINGS = ["learner", "course", "activity", "completed_at", "score", "completed", "tags"]
QUIZ = ["u-1", "biology", "quiz", "2024-05-01", "72", "", ""]
MIXED = [
    HEADINGS,
    ["stranger", "biology", "quiz", "", "", "", ""],
    ["u-1", "=cmd()", "", "", "", "", ""],
    QUIZ,
    QUIZ,
    ["u-2", "biology", "", "", "", "no", "blue"],
]
NO_TABLE = b"\x89PNG\r\n\x1a\n" + bytes(100)
REAL = ("--no-email", "--enroll", "--yes")


class Desk:
    """Imports the same file both ways, and looks at what is left at the API."""

    def __init__(self, two: Two, folder: Path) -> None:
        self.two = two
        self.folder = folder

    def file(self, content: bytes, name: str = "file.csv") -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def both(self, content: bytes, *words: str, code: int = 0, name: str = "file.csv") -> Done:
        return self.two.both(*of_school("import", self.file(content, name), *words), code=code)

    def there(self, content: bytes, *words: str, **more: str) -> Done:
        return self.two.remotely(*of_school("import", self.file(content), *words), **more)

    def kept(self) -> dict[str, list[str]]:
        """The imports that the API has, with their runs."""
        with Client(self.two.server, self.two.token) as client:
            ids = [it.id for it in client.imports()]
            return {it: [run.operation for run in client.get_import(it).runs] for it in ids}


@pytest.fixture
def desk(two: Two, tmp_path: Path) -> Desk:
    return Desk(two, tmp_path)


def rows(*more: Sequence[str]) -> bytes:
    """Lines under the headings; cells that are not given are empty."""
    return as_csv([HEADINGS, *([*it, *[""] * (len(HEADINGS) - len(it))] for it in more)])


def test_b5_b8_problems_checks_and_previews_both_ways(desk: Desk) -> None:
    """What was only looked at is deleted again, where it was sent at all."""
    out = desk.folder / "problems.csv"
    mixed = as_csv(MIXED)
    desk.both(mixed, "--check", "--enroll", code=1)
    desk.both(mixed, "--check", "--json", "--problems", str(out), code=1)
    told = out.read_text()
    assert "--enroll" in told  # as the command line has it, not as HTTP has it
    assert desk.both(mixed, *REAL, code=1).stderr.endswith("with --skip-invalid.\n")
    shown = desk.both(mixed, "--dry-run", "--skip-invalid", "--no-email", "--enroll", "--rows")
    assert "would be done" in shown.stdout
    desk.both(mixed, "--dry-run", "--skip-invalid", "--no-email", "--json", code=1)
    for content in (NO_TABLE, b"", rows(), rows(["u-1", "biology", "read", "01/02/2024"])):
        desk.both(content, *REAL, code=1)
    desk.both(as_xlsx([["learner", "what"], ["u-1", "x"]]), "--check", code=1, name="f.xlsx")
    desk.both(rows(["nobody", "biology"]), "--check", "--delimiter", ";;", code=1)
    assert desk.kept() == {}


def test_b8_m3_files_are_imported_both_ways_and_again_change_nothing(desk: Desk) -> None:
    people = as_csv(
        [
            ["first name", "email", "courses", "completed on", "tags"],
            ["Grace", "grace@a.example", "biology", "31/12/2024", "navy"],
            ["Sam", "sam@a.example", "biology", "31/12/2024", "navy"],
        ]
    )
    how = ("--create-users", "--add-tags", "--ignore-columns", "--complete", "--dates", "dmy")
    desk.both(people, *REAL, *how, "--timezone", "Europe/Berlin", "--note", "n", "--json")
    report = json_lines(desk.both(rows(QUIZ), *REAL, "--json").stdout)[-1]
    assert (report["source"], report["skipped"]) == ("import", {"already_complete": 1})
    out = desk.folder / "rows.csv"
    desk.both(rows(["u-2", "biology", "quiz"]), *REAL, "--out", str(out), "--operation", "o-1")
    before = desk.kept()
    again = desk.there(rows(["u-2", "biology", "quiz"]), *REAL, "--json", "--operation", "o-1")
    assert json_lines(again.stdout)[-1]["done"] == 1  # the first one's report
    assert desk.kept() == before
    left = desk.there(rows(["u-2", "biology", "read"]), *REAL, "--no-wait", "--json")
    assert (left.returncode, json_lines(left.stdout)[-1]["dry_run"]) == (0, False)
    other = desk.there(rows(["u-1", "biology", "extra"]), *REAL, "--operation", "o-1")
    assert (other.returncode, "[command_id_reused]" in other.stderr) == (1, True)


class Asked(NamedTuple):
    """Which request: the last word of its address."""

    method: str
    what: str

    @classmethod
    def of(cls, request: httpx.Request) -> Asked:
        return cls(request.method, request.url.path.rsplit("/", 1)[-1])


UPLOAD, RUN = Asked("POST", "imports"), Asked("POST", "run")


def test_b1_lost_answers_do_nothing_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = [UPLOAD, RUN]

    def once(request: httpx.Request) -> bool:
        asked = Asked.of(request)
        if asked in lost:
            lost.remove(asked)
            return True
        return False

    losing(monkeypatch, once)
    done = desk.there(rows(QUIZ), *REAL, "--operation", "o-1", "--json")
    assert (done.returncode, lost) == (0, [])
    assert json_lines(done.stdout)[-1]["done"] == 1
    assert list(desk.kept().values()) == [["o-1"]]


def test_b1_after_an_api_that_went_away_the_same_command_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Asked] = []

    def from_the_run_on(request: httpx.Request) -> bool:
        heard.append(Asked.of(request))
        return RUN in heard

    words = (*REAL, "--operation", "o-1", "--json")
    with monkeypatch.context() as patch:
        losing(patch, from_the_run_on)
        away = desk.there(rows(QUIZ), *words)
    assert (away.returncode, "[unreachable]" in away.stderr) == (69, True)
    assert "Sent again with --operation o-1, it does nothing twice." in away.stderr
    assert "DELETE" not in {it.method for it in heard}
    again = desk.there(rows(QUIZ), *words)
    assert (again.returncode, json_lines(again.stdout)[-1]["done"]) == (0, 1)
    assert list(desk.kept().values()) == [["o-1"]]


def test_a1_a3_who_may_not_sends_nothing(desk: Desk) -> None:
    two, file = desk.two, desk.file(rows(QUIZ))

    def of_token(*words: str) -> str:
        made = two.stack.run("tokens", "create", two.there.id, "cli", *words, "--json")
        [token] = json_lines(made.stdout)
        return str(token["secret"])

    manages, reads = ("--scope", "manage"), ("--scope", "read")
    named = ("import", file, *REAL, "--school", "SCHOOL", "--actor")
    sam = of_token(*manages, *reads, "--actor", "u-1")
    for token, actor, said in (
        (of_token(*reads, "--actor", "ada"), "ada", "scope manage"),
        (of_token(*manages, "--actor", "ada"), "ada", "scope read"),
        (sam, "ada", "asks in the name of u-1"),
        (sam, "u-1", "u-1 is no administrator"),
    ):
        done = two.remotely(*named, actor, COURSEMARK_TOKEN=token)
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr
        assert done.stderr.endswith("Nothing was sent. [not_permitted]\n")
    foreign = two.remotely("import", file, *REAL, "--school", two.here.id, "--actor", "ada")
    assert (foreign.returncode, "[foreign_school]" in foreign.stderr) == (2, True)
    assert desk.kept() == {}


def test_b8_a_file_that_is_too_large_is_told(desk: Desk) -> None:
    content = as_csv([["learner", "course"]]) + b"u-1,biology\r\n" * 8_000_000
    done = desk.there(content, "--check")
    assert (done.returncode, "[too_large]" in done.stderr) == (1, True)
    assert desk.kept() == {}


def test_b5_what_the_administrator_does_not_want_is_deleted(desk: Desk) -> None:
    two, file = desk.two, desk.file(rows(QUIZ))
    known = {"COURSEMARK_SERVER": two.server, "COURSEMARK_TOKEN": two.token}
    whose = ("--school", two.there.id, "--actor", "ada")
    wanted = ("import", file, "--no-email", "--enroll", *whose)
    code, said = answered(b"n\n", *wanted, **NOWHERE | known)
    assert (code, "Import 1 row for 1 learner" in said, "Aborted" in said) == (1, True, True)
    assert desk.kept() == {}
