"""Files imported by an API as they are by the servers (M3, B5, B8): told alike, and left nowhere."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from contracts.client import Client
from tests.integration.cli.both_ways import NOWHERE, SAME, Two, of_school
from tests.support.command_line import Done, environment, json_lines, process
from tests.support.importing import as_csv, as_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
    desk.both(mixed, "--dry-run", "--skip-invalid", "--no-email", "--json")
    for content in (NO_TABLE, b"", rows(), rows(["u-1", "biology", "read", "31/12/2024"])):
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
