"""Files imported from the terminal: checked, asked about, carried out, and told (M3, B5, B8)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from services.imports.checking import new_id
from tests.support.command_line import coursemark, json_lines
from tests.support.importing import as_csv, as_xlsx

if TYPE_CHECKING:
    from tests.integration.cli.conftest import School, Stack
    from tests.support.command_line import Done

HEADINGS = ["learner", "course", "activity", "completed_at", "score", "completed"]


class Desk:
    """Imports files into a school."""

    def __init__(self, stack: Stack, school: School, folder: Path) -> None:
        self.stack = stack
        self.school = school
        self.folder = folder

    def import_(self, content: bytes, *words: str, name: str = "file.csv", **who: str) -> Done:
        path = self.folder / name
        path.write_bytes(content)
        whose = ("--school", self.school.id, "--actor", who.get("actor", "ada"))
        return self.stack.run("import", str(path), *whose, *words)

    def progress(self) -> Any:
        shown = self.stack.run("show", self.school.id, "u-1", "--json")
        return json_lines(shown.stdout)


@pytest.fixture
def desk(stack: Stack, school: School, tmp_path: Path) -> Desk:
    return Desk(stack, school, tmp_path)


def test_b8_a_file_is_imported_and_again_changes_nothing(desk: Desk) -> None:
    content = as_xlsx([HEADINGS, ["u-1", "biology", "quiz", "2024-05-01", "72", ""]])
    words = ("--no-email", "--enroll", "--yes", "--json")
    first = desk.import_(content, *words, name="file.xlsx")
    assert first.returncode == 0, first
    checked, report = json_lines(first.stdout)
    assert checked["checked"]["lines"] == 1
    assert (report["state"], report["done"], report["source"]) == ("completed", 1, "import")
    assert "Import 1 row for 1 learner in 1 course" in first.stderr
    again = json_lines(desk.import_(content, *words, name="file.xlsx").stdout)[-1]
    assert (again["done"], again["skipped"]) == (0, {"already_complete": 1})


def test_b5_a_check_and_a_dry_run_touch_nothing(desk: Desk) -> None:
    content = as_csv([HEADINGS, ["u-1", "biology", "quiz", "2024-05-01", "72", ""]])
    checked = desk.import_(content, "--check", "--enroll")
    assert (checked.returncode, "It would: Import 1 row" in checked.stderr) == (0, True)
    seen = desk.import_(content, "--dry-run", "--enroll", "--no-email", "--json")
    assert seen.returncode == 0, seen
    report = json_lines(seen.stdout)[-1]
    assert (report["dry_run"], report["done"], report["effects"]["emails"]) == (True, 1, 0)
    after = desk.import_(content, "--no-email", "--enroll", "--yes", "--json")
    assert json_lines(after.stdout)[-1]["done"] == 1  # so nothing had been done


def test_b8_every_problem_is_told_and_nothing_sent_unless_the_rest_is_wanted(
    desk: Desk,
) -> None:
    rows = [
        HEADINGS,
        ["stranger", "biology", "quiz", "", "", ""],
        ["u-1", "=cmd()", "", "", "", ""],
    ]
    rows += [["u-1", "biology", "quiz", "2024-05-01", "72", ""]]
    refused = desk.import_(as_csv(rows), "--no-email", "--enroll", "--yes", "--json")
    assert refused.returncode == 1
    found = [it["problem"] for it in json_lines(refused.stdout) if "problem" in it]
    assert [(it["line"], it["column"], it["code"]) for it in found] == [
        (2, "learner", "unknown_learner"),
        (3, "course", "formula"),
    ]
    assert "Nothing was sent" in refused.stderr
    rest = desk.import_(as_csv(rows), "--no-email", "--enroll", "--yes", "--skip-invalid")
    assert rest.returncode == 0, rest
    assert "2 lines with problems left out" in rest.stderr


def test_b8_the_file_of_problems_is_safe_in_a_spreadsheet(desk: Desk, tmp_path: Path) -> None:
    """A heading `=cmd()` comes out as text, in CSV; JSON lines for programs."""
    out, out_lines = tmp_path / "problems.csv", tmp_path / "problems.jsonl"
    content = as_csv([["learner", "course", "+cmd()"], ["u-1", "biology", "x"]])
    desk.import_(content, "--check", "--problems", str(out))
    cells = out.read_text().splitlines()[1].split(",")
    assert cells[:3] == ["1", "'+cmd()", "unknown_column"]
    desk.import_(content, "--check", "--problems", str(out_lines))
    assert json.loads(out_lines.read_text())["column"] == "+cmd()"


def test_a1_who_is_no_administrator_imports_nothing(desk: Desk) -> None:
    done = desk.import_(as_csv([HEADINGS]), "--no-email", "--yes", actor="u-1")
    assert (done.returncode, "[not_permitted]" in done.stderr) == (1, True)


def test_m5_the_e_mail_has_no_default(desk: Desk) -> None:
    done = desk.import_(as_csv([HEADINGS]), "--yes")
    assert (done.returncode, "--email or --no-email" in done.stderr) == (2, True)


def test_nobody_is_asked_where_there_is_no_terminal(desk: Desk) -> None:
    done = desk.import_(as_csv([HEADINGS]), "--no-email")
    assert (done.returncode, "--yes" in done.stderr) == (2, True)


def test_new_people_are_in_the_directory_before_their_rows(desk: Desk) -> None:
    """M3: import and enrol; ids follow from school and address."""
    rows = [
        ["First name", "Last name", "Email", "Courses", "Tags"],
        ["Grace", "Hopper", "grace@a.example", "biology", "navy"],
    ]
    words = ("--no-email", "--enroll", "--complete", "--create-users", "--yes", "--json")
    done = desk.import_(as_csv(rows), *words)
    assert done.returncode == 0, done
    assert json_lines(done.stdout)[-1]["done"] == 1
    found = desk.stack.run("search", desk.school.id, "--text", "hopper", "--json")
    (grace,) = json_lines(found.stdout)[0]["found"]
    assert grace["learner"] == new_id(desk.school.id, "grace@a.example")
    assert grace["tags"] == ["navy"]


@pytest.mark.parametrize("what", ["template", "example"])
@pytest.mark.parametrize("words", [(), ("--xlsx",)])
def test_template_and_example_import_cleanly(
    desk: Desk, tmp_path: Path, what: str, words: tuple[str, ...]
) -> None:
    """The example after its people and courses are there; the template filled in."""
    out = tmp_path / f"{what}.{'xlsx' if words else 'csv'}"
    assert coursemark("import", what, *words, "--out", str(out)).returncode == 0
    content = out.read_bytes()
    if what == "template":
        checked = desk.import_(content, "--check", "--json", name=out.name)
        (problem,) = [it["problem"] for it in json_lines(checked.stdout) if "problem" in it]
        assert problem["code"] == "empty_file"  # headings alone, and each of them is known
        return
    sent = desk.stack.run("send", "--file", "-", stdin=riverside(desk.school.id))
    assert sent.returncode == 0, sent
    done = desk.import_(content, "--no-email", "--enroll", "--yes", "--json", name=out.name)
    assert done.returncode == 0, done
    assert json_lines(done.stdout)[-1]["done"] == 3


def riverside(school: str) -> str:
    """Whom and what the example names: the school of the how-to pages, under another id."""
    page = Path(__file__).parents[3] / "docs" / "how-to" / "riverside.jsonl"
    text = page.read_text("utf-8").replace('"riverside"', f'"{school}"')
    kept = [it for it in text.splitlines() if '"user"' in it or '"course_structure"' in it]
    return "\n".join(kept)


def test_a_file_may_come_from_another_command(desk: Desk) -> None:
    """`-` is stdin; what cannot be sought is kept beside until it is read."""
    content = as_csv([HEADINGS, ["u-1", "biology", "quiz", "2024-05-01", "72", ""]]).decode()
    whose = ("--school", desk.school.id, "--actor", "ada")
    done = desk.stack.run("import", "-", *whose, "--check", "--json", stdin=content)
    assert done.returncode == 0, done
    assert json_lines(done.stdout)[-1]["checked"]["rows"] == 1
