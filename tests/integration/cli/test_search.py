"""A search from the command line: named people, a count, pages; R3 from end to end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.cli.conftest import School, Stack, lines

if TYPE_CHECKING:
    from collections.abc import Mapping

TODAY = datetime.now(UTC).date()
AROUND = str(TODAY - timedelta(days=1)), str(TODAY + timedelta(days=1))
FOUND = "--completed-between", *AROUND, "--manually", "--course", "biology"


@pytest.fixture
def reset(stack: Stack, school: School) -> School:
    """A learner who was marked complete and reset since; and two who only enrolled."""
    others = [{**school.enroll(), "data": school.enroll()["data"] | {"learner": "ada"}}]
    again = school.command("reset_progress", actor="ada", activities="whole_course")
    sent = stack.run(
        *("send", "--file", "-"), stdin=lines(school.enroll(), school.mark(), again, *others)
    )
    assert sent.returncode == 0, sent
    _caught_up(stack)
    return school


def _caught_up(stack: Stack) -> None:
    for _ in range(100):
        views = json.loads(stack.run("projections", "list", "--json").stdout)
        if not sum(it["behind"] for it in views if it["kind"] == "view"):
            return
    pytest.fail(f"the views stay behind: {views}")


def search(stack: Stack, school: School, *words: str) -> Mapping[str, Any]:
    done = stack.run("search", school.id, "--json", *words)
    assert done.returncode == 0, done
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def test_r3_who_was_reset_is_found_by_when_they_completed(stack: Stack, reset: School) -> None:
    found = search(stack, reset, *FOUND)
    assert found["total"] == {"learners": 1, "exact": True}
    [learner] = found["found"]
    [record] = learner["records"]
    assert (learner["name"], record["status"], record["attempt"]) == (
        *("Sam Okafor", "not_started"),
        2,
    )
    [completion] = record["completions"]
    assert (completion["attempt"], completion["manually_completed"]) == (1, True)
    printed = stack.run("search", reset.id, *FOUND).stdout
    assert "Sam Okafor (u-1)" in printed
    assert "Manually" in printed
    assert "1 learner." in printed.splitlines()
    assert search(stack, reset, *FOUND, "--status", "completed")["found"] == []
    assert search(stack, reset, *FOUND, "--attempt", "2", "--progress", "0", "0")["found"] != []
    assert search(stack, reset, "--completed-between", AROUND[0], AROUND[0])["found"] == []


def test_pages_go_on_by_their_cursor(stack: Stack, reset: School) -> None:
    first = search(stack, reset, "--course", "biology", "--limit", "1")
    second = search(stack, reset, "--course", "biology", "--after", first["next"])
    assert [it["learner"] for it in first["found"] + second["found"]] == ["ada", "u-1"]
    assert (first["total"]["learners"], second["next"]) == (2, None)
    printed = stack.run("search", reset.id, "--course", "biology", "--limit", "1").stdout
    assert f"--after {first['next']}" in printed


def test_people_are_found_by_what_the_directory_says(stack: Stack, reset: School) -> None:
    assert [it["learner"] for it in search(stack, reset, "--text", "OKAFOR")["found"]] == ["u-1"]
    assert [it["learner"] for it in search(stack, reset, "--role-level", "admin")["found"]] == [
        "ada"
    ]
    assert search(stack, reset, "--tag", "none")["total"] == {"learners": 0, "exact": True}
    assert "0 learners." in stack.run("search", reset.id, "--tag", "none").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--completed-between", "2024-05-02", "2024-05-01"), "[invalid_criteria]"),
        (("--completed-between", "then", "now"), "a day such as 2024-05-01"),
        (("--completed-between", "0001-01-01", "9999-12-31"), "1970"),
        (("--enrolled-between", "0001-01-01T00:00+14:00", "2024-05-01"), "1970"),
        (("--status", "done"), "[invalid_criteria]"),
        (("--progress", "80", "20"), "progress_to: does not come after progress_from"),
        (("--inactive-since", "2024-13-01"), "a day such as 2024-05-01"),
        (("--limit", "0"), "[invalid_criteria]"),
        (("--after", "nonsense"), "[invalid_cursor]"),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(
    stack: Stack, words: tuple[str, ...], says: str
) -> None:
    done = stack.run("search", "riverside", *words)
    assert done.returncode == 2, done
    assert says in done.stderr
    assert done.stdout == ""


def test_a_day_without_end_is_a_range(stack: Stack, reset: School) -> None:
    """The last day that there is has no day after it."""
    words = "--enrolled-between", "1970-01-01", "9999-12-31"
    assert search(stack, reset, *words)["total"]["learners"] == 2
