"""Commands from flags and files, each with what became of it (B1, B2)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.integration.cli.conftest import School, Stack, lines
from tests.support.command_line import json_lines

if TYPE_CHECKING:
    from pathlib import Path

WHO = ("--learner", "u-1", "--course", "biology")


def test_a_school_and_its_commands_in_one_file(stack: Stack, tmp_path: Path) -> None:
    """Reference data is taken in before the commands that need it are sent."""
    school = School("in-one-file")
    file = tmp_path / "school.jsonl"
    file.write_text(lines(*school.reference(), school.enroll(), school.mark()))
    sent = stack.run("send", "--file", str(file))
    assert (sent.returncode, sent.stderr) == (0, "")
    assert [line.split()[:2] for line in sent.stdout.splitlines()] == [
        ["Line", "Type"],
        *(["1", "school"], ["2", "user"], ["3", "user"], ["4", "course_structure"]),
        *(["5", "enroll_learner"], ["6", "mark_complete"]),
    ]
    assert "3 activity_completed, course_completed" in sent.stdout


def test_every_line_is_answered_and_a_bad_one_stops_no_other(stack: Stack, school: School) -> None:
    file = lines(school.enroll()) + "no JSON\n" + lines(school.mark("read"), school.mark("read"))
    sent = stack.run("send", "--file", "-", "--json", stdin=file)
    assert sent.returncode == 1
    said = {it["line"]: it for it in json_lines(sent.stdout)}
    assert [said[line]["kind"] for line in (1, 2, 3, 4)] == [
        *("accepted", "not_sent", "accepted", "rejected"),
    ]
    assert "is not JSON" in said[2]["message"]
    assert said[3]["result"]["events"][0]["activity"] == "read"
    assert said[4]["code"] == "already_complete"


def test_the_same_id_gets_the_same_result_again(stack: Stack, school: School) -> None:
    line = lines(school.enroll() | {"id": "once"})
    results = [
        json_lines(stack.run("send", "--file", "-", "--json", stdin=line).stdout)[0]["result"]
        for _ in range(2)
    ]
    assert results[0] == results[1]
    assert results[0]["outcome"] == "accepted"


def test_one_command_from_flags(stack: Stack, school: School) -> None:
    of = ("--school", school.id, *WHO)
    assert stack.run("send", "enroll_learner", *of).returncode == 0
    mark = ("send", "mark_complete", *of, "--actor", "ada", "--whole-course", "--no-email")
    accepted = stack.run(*mark, "--reason", "tested_out", "--json")
    assert accepted.returncode == 0
    assert json.loads(accepted.stdout)["kind"] == "accepted"
    rejected = stack.run(*mark)
    assert rejected.returncode == 1
    assert "already_complete" in rejected.stdout


def test_wrong_usage_is_2_and_says_what_is_missing(stack: Stack) -> None:
    for words, saying in (
        (("mark_complete", "--school", "s"), "learner: is missing"),
        (("teleport",), "type is one of"),
        ((), "give a TYPE with flags, or --file"),
        (("--file", "-", "--school", "s"), "stands in the file alone"),
        (("--file", "/nowhere/at/all"), "No such file"),
    ):
        refused = stack.run("send", *words)
        assert refused.returncode == 2
        assert saying in " ".join(refused.stderr.replace("│", " ").split())


def test_no_result_in_time_is_3(stack: Stack) -> None:
    """Nobody works on the topics of this prefix."""
    sent = stack.run(
        *("send", "enroll_learner", "--school", "s", *WHO, "--timeout", "1"),
        COURSEMARK_TOPIC_PREFIX="nobody.",
    )
    assert sent.returncode == 3
    assert "No result came within 1 s; see `coursemark doctor`" in sent.stdout
