"""Mark, reset, enrol, undo and operations from the command line, on all that runs."""

from __future__ import annotations

import csv
import io
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.cli.conftest import School, Stack, lines
from tests.support.command_line import Done, answered, environment, json_lines

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = ("--course", "biology", "--whole-course", "--no-email")


@pytest.fixture
def classroom(stack: Stack, school: School) -> School:
    """A school with four learners; all but u-4 are enrolled in biology."""
    people = [
        {"school": school.id, "user": f"u-{n}", "email": f"u{n}@a.example"} for n in (2, 3, 4)
    ]
    enrolled = [
        {"type": "enroll_learner", "data": {**school.enroll()["data"], "learner": f"u-{n}"}}
        for n in (1, 2, 3)
    ]
    users = [{"type": "user", "data": it} for it in people]
    sent = stack.run("send", "--file", "-", stdin=lines(*users, *enrolled))
    assert sent.returncode == 0, sent
    return school


def do(stack: Stack, school: School, *words: str, **more: Any) -> Done:
    """A command of the school's administrator."""
    return stack.run(*words, "--school", school.id, "--actor", "ada", **more)


def row_of(file: Path) -> dict[str, str]:
    """The one row of a CSV."""
    with file.open(newline="") as lines:
        [row] = csv.DictReader(lines)
    return row


def look(stack: Stack, school: School, *words: str) -> list[Any]:
    """Operations as JSON."""
    return json_lines(stack.run("operations", *words, "--school", school.id, "--json").stdout)


# M2, B1, B5, B6, B7: previewed, carried out, sent again, repaired, undone; each says what became
# of it, by code, and an exit code.
def test_many_from_the_preview_to_the_undo(stack: Stack, classroom: School, tmp_path: Path) -> None:
    file = tmp_path / "class.csv"
    file.write_text("email\nsam@a.example\nU2@a.example\nu-3\nu-4\n")
    mark = ("mark", *WHOLE, "--learners", str(file), "--operation", "spring", "--yes", "--json")
    first = do(stack, classroom, *mark)
    assert first.returncode == 1
    preview, report = json_lines(first.stdout)
    assert (preview["dry_run"], preview["done"], preview["failed"]) == (
        True,
        3,
        {"not_enrolled": 1},
    )
    assert preview["effects"] == {"emails": 0, "webhooks": 0, "zaps": 0}
    assert (report["state"], report["done"]) == ("completed_with_errors", 3)
    assert report["failed"] == preview["failed"]

    # The same again: nothing is done twice, and the answer is the same.
    again = do(stack, classroom, *mark, "--no-preview")
    assert json_lines(again.stdout) == [report]

    # B6: the file of errors, and the failed row alone once more.
    told = stack.run("operations", "errors", "spring", "--school", classroom.id)
    [row] = list(csv.DictReader(io.StringIO(told.stdout)))
    assert (row["learner"], row["code"]) == ("u-4", "not_enrolled")
    enrolled = do(stack, classroom, "enrol", "--course", "biology", "--learner", "u-4")
    assert enrolled.returncode == 0
    assert do(stack, classroom, "operations", "retry", "spring").returncode == 0
    watched = stack.run("operations", "watch", "spring", "--school", classroom.id)
    assert (watched.returncode, "done" in watched.stdout) == (0, True)

    undone = do(stack, classroom, "undo", "--operation", "spring", "--yes", "--json")
    assert undone.returncode == 0, undone
    preview, report, sent = json_lines(undone.stdout)
    assert (preview["done"], report["done"], sent) == (4, 4, {"stays_sent": []})
    [spring] = look(stack, classroom, "show", "spring")
    assert spring["undone_by"] == report["operation"]


# Without a terminal nobody can be asked: exit code 2, and nothing was sent, no preview either.
def test_without_a_terminal_it_needs_yes(stack: Stack, classroom: School) -> None:
    refused = do(stack, classroom, "mark", *WHOLE, "--learner", "u-1", "--learner", "u-2")
    assert refused.returncode == 2
    assert "There is no terminal" in " ".join(refused.stderr.replace("│", " ").split())
    assert look(stack, classroom, "list", "--previews") == []


# On a terminal it asks, and no is no: exit code 1, and only the preview was made.
def test_on_a_terminal_it_asks_once(stack: Stack, classroom: School) -> None:
    both = ("--learner", "u-1", "--learner", "u-2", "--actor", "ada")
    where = ("--school", classroom.id, "--data", str(stack.data))
    code, said = answered(b"n\n", "mark", *WHOLE, *both, *where)
    assert code == 1
    assert "Mark the whole course biology complete for 2 learners" in said
    assert [it["dry_run"] for it in look(stack, classroom, "list", "--previews")] == [True]


# A3: a learner of another school in the middle of the list is told before anything is sent.
def test_who_is_not_of_the_school_is_told_first(stack: Stack, classroom: School) -> None:
    other = {"type": "user", "data": {"school": "elsewhere", "user": "e-1", "email": "e@b.example"}}
    assert stack.run("send", "--file", "-", stdin=lines(other)).returncode == 0
    named = ("--learner", "u-1", "--learner", "e@b.example", "--learner", "e-1", "--learner", "u-2")
    preview = ("preview", "mark", *WHOLE, *named, "--json")
    refused = do(stack, classroom, *preview)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "has no e@b.example, e-1. Nothing was sent" in refused.stderr
    skipped = do(stack, classroom, *preview, "--skip-unknown")
    assert [it["total"] for it in json_lines(skipped.stdout)] == [2]


# M1, B7: one learner is one command; its undo is asked for by its id, of its own school alone.
def test_one_learner_and_back(stack: Stack, classroom: School) -> None:
    marked = do(stack, classroom, "mark", *WHOLE, "--learner", "u1@a.example", "--json")
    assert marked.returncode == 1  # an address that the school has not: sam@a.example is u-1's
    marked = do(stack, classroom, "mark", *WHOLE, "--learner", "sam@a.example", "--json")
    [line] = json_lines(marked.stdout)
    assert (line["kind"], line["learner"]) == ("accepted", "u-1")
    foreign = stack.run("undo", line["id"], "--school", "elsewhere", "--actor", "ada", "--yes")
    assert (foreign.returncode, "elsewhere has no command" in foreign.stderr) == (1, True)
    undone = do(stack, classroom, "undo", line["id"], "--yes", "--json")
    assert undone.returncode == 0, undone
    seen, done, sent = json_lines(undone.stdout)
    assert (seen["kind"], done["kind"], sent) == ("previewed", "accepted", {"stays_sent": []})
    twice = do(stack, classroom, "undo", line["id"], "--yes", "--no-preview")
    assert (twice.returncode, "already_undone" in twice.stdout) == (1, True)


# B6, B12: what is scheduled can be paused, resumed and cancelled; the loser of two is told.
# B5: the preview of one command tells its row as that of an operation does, on both ways.
def test_the_preview_of_one_command_has_its_row(
    stack: Stack, classroom: School, tmp_path: Path
) -> None:
    file = tmp_path / "row.csv"
    told = ("--rows", "--out", str(file))
    who = ("--learner", "u-1")
    quiz = ("--course", "biology", "--activity", "quiz", "--no-email")
    looked = do(stack, classroom, "preview", "mark", *quiz, *who, *told)
    assert (looked.returncode, "would be done" in looked.stdout) == (0, True)
    about = ["1", "u-1", "biology", "", "previewed", "", ""]
    assert [*row_of(file).values()] == [*about, "1 activity_completed", "", "quiz"]
    [marked] = json_lines(do(stack, classroom, "mark", *quiz, *who, "--json").stdout)
    looked = do(stack, classroom, "preview", "undo", marked["id"], *told)
    assert (looked.returncode, "would be done" in looked.stdout) == (0, True)
    assert row_of(file)["changes"] == "1 completion_revoked"
    assert do(stack, classroom, "undo", marked["id"], "--yes", "--no-preview").returncode == 0
    refused = do(stack, classroom, "preview", "undo", marked["id"], *told)
    assert (refused.returncode, row_of(file)["code"]) == (1, "already_undone")
    again = do(stack, classroom, "preview", "mark", *WHOLE, "--learner", "u-4", "--json")
    assert (again.returncode, json_lines(again.stdout)[0]["code"]) == (1, "not_enrolled")
    both = ("--learner", "u-1", "--learner", "u-4")
    many = do(stack, classroom, "preview", "mark", *WHOLE, *both, "--json")
    assert (many.returncode, json_lines(many.stdout)[-1]["failed"]) == (1, {"not_enrolled": 1})


# B7: what its own preview refuses is not asked about: exit code 1, and nothing was sent.
def test_an_undo_that_would_be_refused_does_not_ask(stack: Stack, classroom: School) -> None:
    marked = do(stack, classroom, "mark", *WHOLE, "--learner", "u-1", "--json")
    undo = ("undo", json_lines(marked.stdout)[0]["id"], "--json")
    assert do(stack, classroom, *undo, "--yes").returncode == 0
    who = ("--school", classroom.id, "--actor", "ada", "--data", str(stack.data))
    code, said = answered(b"", *undo, *who)
    assert (code, "Go on?" in said) == (1, False)
    assert "It would be refused, so nothing was sent" in said
    again = do(stack, classroom, *undo, "--yes")
    assert [it.get("code") for it in json_lines(again.stdout)] == ["already_undone", None]


def test_an_operation_is_steered(stack: Stack, classroom: School) -> None:
    later = ("--start-at", "2099-01-01T00:00:00Z", "--operation", "later", "--no-preview", "--yes")
    both = ("--learner", "u-1", "--learner", "u-2")
    scheduled = do(
        stack, classroom, "reset", "--course", "biology", "--whole-course", *both, *later
    )
    assert (scheduled.returncode, "It begins at 2099-01-01" in scheduled.stdout) == (0, True)
    for action, state in (("pause", "paused"), ("resume", "scheduled"), ("cancel", "cancelled")):
        assert do(stack, classroom, "operations", action, "later").returncode == 0
        assert [it["state"] for it in look(stack, classroom, "list", "--state", state)] == [state]
    lost = do(stack, classroom, "operations", "pause", "later")
    assert (lost.returncode, "[operation_conflict]" in lost.stderr) == (1, True)
    unknown = do(stack, classroom, "operations", "pause", "nothing")
    assert (unknown.returncode, "[unknown_operation]" in unknown.stderr) == (1, True)
    nobody = stack.run("operations", "show", "later", "--school", "elsewhere")
    assert (nobody.returncode, "[unknown_operation]" in nobody.stderr) == (2, True)


# Patience has an end, 3; Ctrl-C ends the watching alone, 130.
def test_watching_ends_and_the_operation_stays(stack: Stack, classroom: School) -> None:
    of_two = {
        "operation": "half",
        "learners": ["u-1"],
        "part": 1,
        "parts": 2,
    }
    mark = classroom.mark()["data"] | of_two
    del mark["learner"]
    part = {"type": "bulk_mark_complete", "data": mark}
    assert stack.run("send", "--file", "-", stdin=lines(part)).returncode == 0
    watch = ("operations", "watch", "half", "--school", classroom.id)
    waited = stack.run(*watch, "--timeout", "0.5")
    assert (waited.returncode, "[no_progress]" in waited.stderr) == (3, True)
    with subprocess.Popen(
        [sys.executable, "-m", "services.cli", *watch, "--data", str(stack.data), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as watching:
        assert watching.stdout is not None
        assert b'"validating"' in watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        _, said = watching.communicate(timeout=60)
    assert (watching.returncode, b"goes on" in said) == (130, True)
    assert [it["state"] for it in look(stack, classroom, "list")] == ["validating"]
