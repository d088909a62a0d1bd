"""Reports at the command line: of one school, for a person and for a program (R3, A3)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.cli.test_show import caught_up, send

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.integration.cli.conftest import School, Stack

MAY_9 = "2024-05-09T10:00:00Z"
SPENT = {"activity": "read", "signal": {"kind": "time_spent", "seconds": 3_700}}


@pytest.fixture
def told(stack: Stack, school: School) -> School:
    """A learner who spent time, was marked complete, and was reset."""
    reset = school.command("reset_progress", actor="ada", activities="whole_course")
    spent = school.command("record_activity", **SPENT, effective_at=MAY_9)
    send(stack, school.enroll(), spent, school.mark(effective_at=MAY_9), reset)
    caught_up(stack)
    return school


def ask(stack: Stack, *words: str) -> Sequence[dict[str, Any]]:
    done = stack.run("reports", *words, "--json")
    assert done.returncode == 0, done
    answer: Sequence[dict[str, Any]] = json.loads(done.stdout)
    return answer


def test_each_report_says_what_was_before_the_reset(stack: Stack, told: School) -> None:
    """R3, over Kafka: and beside it where the learner stands today."""
    school = told.id
    assert ask(stack, "time", school) == [{"course": "biology", "seconds": 3_700}]
    assert ask(stack, "time", school, "--by", "learner") == [{"learner": "u-1", "seconds": 3_700}]
    completed = (
        "--kinds",
        "course_completed",
        "--by",
        "day,administrator",
        "--since",
        "2024-05-09",
    )
    assert ask(stack, "counts", school, *completed) == [
        {"kind": "course_completed", "day": "2024-05-09", "administrator": "ada", "number": 1}
    ]
    assert ask(stack, "counts", school, "--until", "2024-05-08") == []
    [funnel] = ask(stack, "funnel", school)
    assert funnel == {"course": "biology", "enrolled": 1, "started": 1, "completed": 1}
    assert [it["activity"] for it in ask(stack, "funnel", school, "--activities")] == [
        *("extra", "quiz", "read")
    ]
    [score] = ask(stack, "scores", school)
    assert (score["bucket"], score["number"], score["millionths"]) == (95, 1, 100_000_000)
    [days] = ask(stack, "days", school)
    assert (days["attempts"], days["median"]) == (1, 0)
    [standing] = ask(stack, "standing", school)
    assert (standing["status"], standing["learners"]) == ("not_started", 1)


def test_for_a_person_they_are_tables(stack: Stack, told: School) -> None:
    time = stack.run("reports", "time", told.id, "--by", "activity,month").stdout
    assert [line.split() for line in time.splitlines()] == [
        ["course", "activity", "month", "seconds"],
        ["biology", "read", "2024-05", "1", "h", "01", "min"],
    ]
    scores = stack.run("reports", "scores", told.id, "--of", "activity", "--by", "activity").stdout
    assert "activity · biology" not in scores
    assert "activity · quiz: 1 scores, mean 100.0000" in scores


def test_another_school_has_nothing_of_it(stack: Stack, told: School) -> None:
    """A3, and an empty answer is told beside the output."""
    assert ask(stack, "time", told.id)
    done = stack.run("reports", "time", "another-school")
    assert (done.returncode, done.stdout.strip()) == (0, "")
    assert "check the ids" in done.stderr


def test_more_than_was_asked_for_is_told(stack: Stack, told: School) -> None:
    done = stack.run("reports", "funnel", told.id, "--activities", "--limit", "2", "--json")
    assert len(json.loads(done.stdout)) == 2
    assert "first 2 lines" in done.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ("time", "s", "--by", "weather"),
        ("time", "s", "--by", "learner", "--learner", "u-1"),
        ("time", "s", "--since", "2024-05-02", "--until", "2024-05-01"),
        ("time", "s", "--since", "yesterday"),
        ("counts", "s", "--kinds", "births"),
        ("scores", "s", "--of", "everything"),
        ("days", "s", "--limit", "0"),
        ("days",),
    ],
)
def test_wrong_usage_is_told(stack: Stack, wrong: tuple[str, ...]) -> None:
    done = stack.run("reports", *wrong)
    assert done.returncode == 2
    assert done.stdout == ""
